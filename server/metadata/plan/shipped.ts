import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import { isCustom, splitName } from '../names.ts'
import { changedKeys } from './json.ts'

export const CAN_BE_SHIPPED: ReadonlySet<Kind> = new Set<Kind>(['Object', 'Field'])
const isShipped = (document: Document): boolean =>
  CAN_BE_SHIPPED.has(document.kind) && !isCustom(splitName(document.name)[1])

export type Refuse = (code: string, path: string, message: string, hint: string) => void

/** A name without `__c` is a release's, and so is what it means; admins extend it. */
export function checkShipped(
  current: Catalog,
  before: Document | undefined,
  after: Document | undefined,
  refuse: Refuse,
): void {
  if (!before && after && isShipped(after))
    return void refuse(
      'CUSTOM_SUFFIX',
      'name',
      `The name of a new ${after.kind.toLowerCase()} ends in __c, and ${after.name} does not.`,
      `Call it ${after.name}__c.`,
    )
  if (!before || !isShipped(before)) return
  if (!after)
    refuse(
      'SHIPPED',
      'name',
      `${before.name} comes with the platform and can't be deleted.`,
      'Take it off the layouts, or out of the permission sets.',
    )
  else if (after.name !== before.name)
    refuse(
      'SHIPPED',
      'name',
      `${before.name} comes with the platform and can't be renamed.`,
      'Change its label instead.',
    )
  else if (after.kind === 'Field' && before.kind === 'Field' && after.type !== before.type)
    refuse(
      'SHIPPED',
      'type',
      `${before.name} comes with the platform and stays a ${before.type} field.`,
      'Add a field of your own.',
    )
  else checkStructure(current, before, after, refuse)
}

/** What people read: nothing that a save looks at. */
export const WORDS: ReadonlySet<string> = new Set(['label', 'pluralLabel', 'description', 'helpText', 'icon'])

/** Of an object that holds set-up or is written by the platform, and of its fields, the platform relies on everything but words and what is only added. */
const ADDED: ReadonlySet<string> = new Set(['$schema', 'trackHistory', 'indexed', 'enableProcesses', 'closedWhen'])

/** Of any other object of a release: what decides how the platform treats it. */
const STRUCTURE: { readonly [kind in Kind]?: readonly string[] } = {
  Object: ['setup', 'platform', 'writePermission', 'accessFrom', 'quotes', 'clock', 'customSettingsType'],
  Field: ['readOnly', 'computed', 'names', 'format', 'referenceTo', 'relationshipName', 'childRelationshipName', 'deleteConstraint', 'uniqueWith', 'indexedWith'], // prettier-ignore
}

function checkStructure(current: Catalog, before: Document, after: Document, refuse: Refuse): void {
  const own = isPlatforms(current, before)
  const stays = (key: string): boolean =>
    own ? !WORDS.has(key) && !ADDED.has(key) : (STRUCTURE[before.kind]?.includes(key) ?? false)
  const key = changedKeys(before, after).find((changed) => stays(changed) && !isNamedAlike(changed, before, after))
  if (key)
    refuse(
      'SHIPPED',
      key,
      `${before.name} comes with the platform, and its \`${key}\` is not changed.`,
      'Change its label, description or help, or add an object or a field of your own.',
    )
}

function isPlatforms(current: Catalog, { name }: Document): boolean {
  const object = current.object(name.split('.')[0]!)
  return object !== undefined && (object.setup || object.platform)
}

/** The name field differs in its label alone. */
const isNamedAlike = (key: string, before: Document, after: Document): boolean =>
  key === 'nameField' &&
  before.kind === 'Object' &&
  after.kind === 'Object' &&
  changedKeys(before.nameField, after.nameField).every((part) => WORDS.has(part))
