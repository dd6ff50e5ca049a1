import type { Document, Kind } from '../documents.ts'
import { actionKind } from './action.ts'
import { autoApplyRuleKind } from './auto-apply-rule.ts'
import { customLabelKind } from './custom-label.ts'
import { emailTemplateKind } from './email-template.ts'
import { entitlementProcessKind } from './entitlement-process.ts'
import { fieldKind } from './field.ts'
import type { KindEntry } from './kind.ts'
import { layoutKind } from './layout.ts'
import { listViewKind } from './list-view.ts'
import { objectKind } from './object.ts'
import { permissionSetKind } from './permission-set.ts'
import { validationRuleKind } from './validation-rule.ts'

/** Every kind of document; the one place that lists them. */
export const KINDS: { readonly [K in Kind]: KindEntry<Extract<Document, { kind: K }>> } = {
  Object: objectKind,
  Field: fieldKind,
  ValidationRule: validationRuleKind,
  Layout: layoutKind,
  ListView: listViewKind,
  EntitlementProcess: entitlementProcessKind,
  AutoApplyRule: autoApplyRuleKind,
  Action: actionKind,
  EmailTemplate: emailTemplateKind,
  CustomLabel: customLabelKind,
  PermissionSet: permissionSetKind,
}

/** The entry of a document's own kind. */
export const kindOf = (document: Document): KindEntry => KINDS[document.kind] as unknown as KindEntry

/** Keys that the platform gives and keeps. */
export const keptKeys = (kind: Kind): ReadonlySet<string> =>
  new Set(
    Object.entries(KINDS[kind].schema.properties ?? {}).flatMap(([key, schema]) =>
      typeof schema === 'object' && schema.readOnly ? [key] : [],
    ),
  )

export { type KindEntry, type Path, type Slot } from './kind.ts'
