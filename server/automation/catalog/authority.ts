import { documentPath, KINDS, targetObject } from '#metadata'
import type { ActionDocument, Catalog, Document, PermissionSetDocument, Plan, PlanStep } from '#metadata'
import type { Actor } from '#records'
import type { Finding } from '#util'
import { grantsOf } from './grants.ts'

/**
 * What this actor may not change although it may change metadata: nobody gives or takes what they don't hold, and what decides about users takes
 * the permission to manage them.
 */
export function checkAuthority(actor: Actor, current: Catalog, { steps, next }: Plan): Finding[] {
  if (!next || actor.permissions.system.has('manageUsers')) return []
  const found = steps.flatMap((step) =>
    step.kind === 'PermissionSet' ? checkGrants({ actor, current, next }, step) : checkDecisions(step, current, next),
  )
  return [...new Map(found.map((finding) => [`${finding.file} ${finding.message}`, finding])).values()]
}

/** A new name moves nothing: who has the set keeps it. */
function checkGrants(
  change: { actor: Actor; current: Catalog; next: Catalog },
  { name, before, after }: PlanStep,
): Finding[] {
  const was = grantsOf(before as PermissionSetDocument | undefined, change.current, change)
  const is = grantsOf(after as PermissionSetDocument | undefined, change.next, change)
  const moved = [...without(is, was), ...without(was, is)]
  const texts = [...new Set(moved.filter((grant) => !grant.held).map((grant) => grant.text))]
  return texts.length > 0 ? [notHeld(name, texts)] : []
}

function checkDecisions(step: PlanStep, current: Catalog, next: Catalog): Finding[] {
  const why = step.after && decides(step.after, step, current, next)
  return why ? [needsManageUsers(step, why)] : []
}

const without = <T extends { readonly key: string }>(list: readonly T[], others: readonly T[]): T[] => {
  const keys = new Set(others.map((other) => other.key))
  return list.filter((one) => !keys.has(one.key))
}

/** Why a change of this document decides about users; undefined when it does not. */
function decides(document: Document, step: PlanStep, current: Catalog, next: Catalog): string | undefined {
  if (document.kind === 'Object' || document.kind === 'Field')
    return current.object(document.name.split('.')[0]!)?.writePermission && isDecisive(document, step)
      ? 'it says who users are and what they may do'
      : undefined
  if (document.kind === 'Action') {
    const written = writtenBy(document, next)
    return written && `it writes ${written}`
  }
  const action = actionsOf(document, next).find((one) => writtenBy(one, next))
  return action && `its action ${action.name} writes ${writtenBy(action, next)}`
}

/** Of what is shipped everything but words; of what an admin adds to it only whether people may change it of themselves. */
function isDecisive(document: Document, { before, keys = [] }: PlanStep): boolean {
  if (before && !document.name.endsWith('__c')) return keys.some((key) => !WORDS.has(key))
  const personal = (one: Document | undefined) => one?.kind === 'Field' && one.personal === true
  return personal(before) !== personal(document)
}

const actionsOf = (document: Document, catalog: Catalog): ActionDocument[] =>
  KINDS[document.kind]
    .slots(document as never, catalog)
    .flatMap((slot) => (slot.is === 'document' && slot.kind === 'Action' ? (catalog.actions.get(slot.name) ?? []) : []))

/** What people read of a shipped object or field, and nothing else. */
const WORDS: ReadonlySet<string> = new Set(['label', 'pluralLabel', 'description', 'helpText', 'icon'])

/** The object about people that an action writes to. */
function writtenBy(action: ActionDocument, catalog: Catalog): string | undefined {
  const name =
    action.type === 'CreateRecord' ? action.create
    : action.type === 'FieldUpdate' ? targetObject(action, catalog)
    : action.type === 'OwnerChange' ? action.object
    : undefined // prettier-ignore
  return name !== undefined && catalog.object(name)?.writePermission ? name : undefined
}

const HINT = 'Ask somebody who has the permission manageUsers.'
const NAMED = 5

function notHeld(name: string, grants: readonly string[]): Finding {
  const more = grants.length > NAMED ? ` and ${grants.length - NAMED} more` : ''
  return {
    code: 'NOT_HELD',
    severity: 'error',
    file: documentPath('PermissionSet', name),
    message: `${name} gives or takes what you don't have yourself: ${grants.slice(0, NAMED).join(', ')}${more}.`,
    hint: HINT,
  }
}

const needsManageUsers = ({ kind, name }: PlanStep, why: string): Finding => ({
  code: 'NO_ACCESS',
  severity: 'error',
  file: documentPath(kind, name),
  message: `You may not change ${name}: ${why}, which takes the permission manageUsers.`,
  hint: HINT,
})
