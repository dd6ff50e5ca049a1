import { mayImport } from '#records'
import { AUTOMATION_USER_ID } from '../actor.ts'
import { fail } from './draft.ts'
import type { Draft } from './draft.ts'
import { checkImported } from './numbers.ts'

const VERB = { create: 'create', update: 'edit', delete: 'delete', undelete: 'delete' } as const

/** Step 1: may this actor do this to this object, and set these fields? An unknown field and a hidden one read alike. */
export function checkPermission(draft: Draft): void {
  normaliseNames(draft)
  const verb = VERB[draft.operation]
  if (isKept(draft)) fail(draft, 'NO_ACCESS', 'The user Automation belongs to the platform and stays as it is.')
  else if (!isGranted(draft, verb) || !mayWriteRow(draft))
    fail(draft, 'NO_ACCESS', `You may not ${verb} a ${draft.object.label}${reason(draft)}.`)
  else if (draft.actor.system === undefined) for (const name of Object.keys(draft.changes)) checkField(draft, name)
}

const IDENTITY: ReadonlySet<string> = new Set(['IsActive', 'Username', 'Email', 'ProfileId'])

/** The platform's own user is nobody's: not activated, not renamed and not deleted by anyone, not even by an action. */
function isKept({ actor, object, operation, id, changes }: Draft): boolean {
  if (operation === 'create' || object.name !== 'User' || id !== AUTOMATION_USER_ID) return false
  return actor.system === undefined || operation !== 'update' || Object.keys(changes).some((name) => IDENTITY.has(name))
}

function isGranted({ actor, object }: Draft, verb: (typeof VERB)[Draft['operation']]): boolean {
  const access = actor.permissions.object(object.name)
  return actor.system !== undefined || (!object.platform && access.read && access[verb])
}

/** Rows that say who people are and what they may do take a system permission; of themselves people may change what is personal. */
const mayWriteRow = (draft: Draft): boolean =>
  lacking(draft) === undefined || (draft.operation === 'update' && draft.id === draft.actor.userId)

const lacking = ({ actor, object: { writePermission } }: Draft): string | undefined =>
  writePermission && !actor.permissions.system.has(writePermission) ? writePermission : undefined

/** Told only to those who may know that there is such an object. */
function reason(draft: Draft): string {
  const permission = lacking(draft)
  const visible = draft.actor.permissions.object(draft.object.name).read
  return permission && visible ? `: it takes the permission ${permission}` : ''
}

function checkField(draft: Draft, name: string): void {
  const access = draft.actor.permissions.object(draft.object.name)
  const field = draft.object.field(name)
  if (!field || !access.canRead(name)) fail(draft, 'UNKNOWN_FIELD', `No field ${name} on ${draft.object.name}.`, name)
  else if (mayImport(draft.actor.permissions, field)) checkImported(draft, field)
  else if (field.readOnly) fail(draft, 'READ_ONLY', `${field.label} is kept by the platform and can't be set.`, name)
  else if (!access.canEdit(name)) fail(draft, 'NO_ACCESS', `You may not edit ${field.label}${reason(draft)}.`, name)
  else if (field.createOnly && draft.operation === 'update')
    fail(draft, 'READ_ONLY', `${field.label} can be set only when the record is made.`, name)
}

/** Field names take the catalog's letter case; unknown ones stay and are reported. */
function normaliseNames(draft: Draft): void {
  for (const name of Object.keys(draft.changes)) {
    const field = draft.object.field(name)
    if (!field) {
      if (draft.actor.system !== undefined)
        fail(draft, 'UNKNOWN_FIELD', `No field ${name} on ${draft.object.name}.`, name)
    } else if (field.name !== name) {
      draft.changes[field.name] = draft.changes[name]!
      delete draft.changes[name]
    }
  }
}
