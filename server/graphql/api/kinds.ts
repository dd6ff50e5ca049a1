import type { AnyKind } from '#metadata'

const KINDS: { readonly [kind in AnyKind]: true } = {
  Object: true, Field: true, ValidationRule: true, Layout: true, ListView: true, EntitlementProcess: true, AutoApplyRule: true, Action: true,
  EmailTemplate: true, CustomLabel: true, PermissionSet: true, Row: true,
} // prettier-ignore

/** The kinds of documents an admin may plan changes of; the compiler sees to it that none is forgotten. */
export const KINDS_OF_DOCUMENTS = Object.keys(KINDS) as readonly AnyKind[]
