/** What begins with `$` in a formula: rows that every formula may read, settings, labels, and names of other objects' fields. */
import type { Completion, FieldInfo } from '#formula'
import type { FieldDef, ObjectDef } from './catalog.ts'
import { formulaTypeOf } from './field-types.ts'
import type { ObjectsByName } from './formula-scope.ts'
import { didYouMean } from './suggest.ts'

/** Where the rest of a path goes on. */
export interface GlobalPlace {
  readonly object: ObjectDef
  /** Canonical segments that lead there. `$Profile` and `$UserRole` are short for the user's own. */
  readonly path: readonly string[]
  readonly hops: number
  /** Segments that it takes. */
  readonly length: number
  /** Rows of settings are laid over each other: their values can be read, their parents can't. */
  readonly closed: boolean
}

const ROWS: { readonly [name: string]: readonly string[] } = {
  $User: ['User', '$User'],
  $Organization: ['Organization', '$Organization'],
  $Profile: ['Profile', '$User', 'Profile'],
  $UserRole: ['UserRole', '$User', 'Role'],
  $Milestone: ['RecordMilestone', '$Milestone'],
}
const ROW_OF = new Map(Object.entries(ROWS).map(([name, row]) => [name.toLowerCase(), row]))
const is = (segment: string | undefined, name: string): boolean => segment?.toLowerCase() === name.toLowerCase()

/** The milestone that fired: there is one only while an action runs. */
export const isFired = (path: readonly string[]): boolean => is(path[0], '$Milestone')
/** `$System.OriginDateTime`, which no field holds. */
export const isSystem = (path: readonly string[]): boolean => is(path[0], '$System')
export const NOT_FIRED =
  '$Milestone is the milestone that an action acts for. It can be read in actions and e-mail templates, and nowhere else.'

/** The place that a path's first segments lead to; undefined when they are no global that has fields. */
export function globalPlace(objects: ObjectsByName, segments: readonly string[]): GlobalPlace | undefined {
  const [first = '', second] = segments
  if (!first.startsWith('$')) return undefined
  if (is(first, '$Setup')) {
    const object = second === undefined ? undefined : settings(objects, second)
    return object && { object, path: ['$Setup', object.name], hops: 0, length: 2, closed: true }
  }
  const [name = '', ...path] = ROW_OF.get(first.toLowerCase()) ?? []
  const object = objects.object(name)
  return object && { object, path, hops: path.length - 1, length: 1, closed: false }
}

function settings(objects: ObjectsByName, name: string): ObjectDef | undefined {
  const object = objects.object(name)
  return object?.customSettingsType === 'Hierarchy' ? object : undefined
}

/** `$Label.Greeting`, whose value is known, or `$ObjectType.Rate__c.Fields.Name`, which has none. */
export function namedThing(objects: ObjectsByName, path: readonly string[]): FieldInfo | undefined {
  const [first, second = '', third, fourth = ''] = path
  if (is(first, '$Label') && path.length === 2) {
    const label = objects.label(second)
    return label && { path: `$Label.${label.name}`, label: label.label ?? label.name, type: 'Text', nullable: false, hops: 0, constant: label.value } // prettier-ignore
  }
  if (!is(first, '$ObjectType') || !is(third, 'Fields') || path.length !== 4) return undefined
  const object = objects.object(second)
  const field = object?.field(fourth)
  return object && field && fieldName(object, field)
}

function fieldName(object: ObjectDef, field: FieldDef): FieldInfo | undefined {
  const type = field.storage === 'none' ? undefined : formulaTypeOf(field)
  if (!type) return undefined
  return {
    path: `$ObjectType.${object.name}.Fields.${field.name}`,
    label: `${object.label} · ${field.label}`,
    type,
    percent: field.type === 'Percent',
    nullable: true,
    hops: 0,
    names: {
      object: object.name,
      field: field.name,
      searchable: type === 'Text' && (field.unique || field.indexed || field.name === 'Id'),
    },
  }
}

/** What a segment of a path names besides fields: the label, the settings, the object. */
export function namedBy(
  objects: ObjectsByName,
  path: readonly string[],
  at: number,
): { readonly kind: 'CustomLabel' | 'Object'; readonly name: string } | undefined {
  if (at !== 1) return undefined
  const [first, second = ''] = path
  const label = is(first, '$Label') ? objects.label(second) : undefined
  if (label) return { kind: 'CustomLabel', name: label.name }
  const object = is(first, '$Setup') || is(first, '$ObjectType') ? objects.object(second) : undefined
  return object && { kind: 'Object', name: object.name }
}

// ── completion ──

const relationship = (name: string, label?: string): Completion => ({ name, type: 'Relationship', ...(label && { label }) }) // prettier-ignore

export function globalCompletions(objects: ObjectsByName, fired: boolean): Completion[] {
  const rows = Object.entries(ROWS).flatMap(([name, [object = '']]) =>
    objects.object(object) && (fired || !isFired([name])) ? [name] : [],
  )
  const labels = objects.labels().length > 0 ? ['$Label'] : []
  const setup = objects.settings().length > 0 ? ['$Setup'] : []
  return [...rows, ...labels, ...setup, '$System', '$ObjectType'].map((name) => relationship(name))
}

/** Inside a global that is no row; undefined when the path is none. */
export function completionsInside(
  objects: ObjectsByName,
  prefix: readonly string[],
): readonly Completion[] | undefined {
  const [first, second, third] = prefix
  if (is(first, '$System')) return prefix.length === 1 ? [{ name: 'OriginDateTime', type: 'DateTime' }] : []
  if (is(first, '$Label')) return prefix.length === 1 ? objects.labels().map(({ name, value }): Completion => ({ name, label: value, type: 'Text' })) : [] // prettier-ignore
  if (is(first, '$Setup') && prefix.length === 1) return objects.settings().map((name) => relationship(name))
  if (!is(first, '$ObjectType')) return undefined
  if (second === undefined) return objects.names().map((name) => relationship(name))
  if (third === undefined) return [relationship('Fields')]
  return (objects.object(second)?.fields ?? []).flatMap((field): Completion[] => {
    const type = field.storage === 'none' ? undefined : formulaTypeOf(field)
    return type ? [{ name: field.name, label: field.label, type }] : []
  })
}

// ── why something is not there ──

/** Globals that Salesforce has, with the words for why they are not here. */
const ABSENT: { readonly [name: string]: string } = {
  $permission: 'There are no custom permissions here. Ask for the profile or the role: $Profile.Name, $UserRole.Name.',
  $custommetadata: 'There are no custom metadata types here. Use a custom setting ($Setup) or a label ($Label).',
  $api: '$Api belongs to Salesforce’s own addresses and does not exist here.',
  $recordtype: 'There are no record types here. Use a picklist of the object.',
}

/** Undefined: the usual words are right. */
export function explainGlobal(objects: ObjectsByName, path: readonly string[], fired: boolean): string | undefined {
  const [first = '', second] = path
  if (!first.startsWith('$')) return undefined
  const absent = ABSENT[first.toLowerCase()]
  if (absent !== undefined) return absent
  if (isFired(path) && !fired) return NOT_FIRED
  if (is(first, '$Label')) return explainLabel(objects, path)
  if (is(first, '$Setup')) return explainSettings(objects, path)
  if (is(first, '$ObjectType') && (path.length !== 4 || !is(path[2], 'Fields')))
    return 'Write $ObjectType.Object.Fields.Field, for example $ObjectType.Account.Fields.Name.'
  if (is(first, '$ObjectType') && !objects.object(second ?? '')) return `There is no object ${second}.`
  const known = ROW_OF.has(first.toLowerCase()) || is(first, '$ObjectType') || is(first, '$System')
  return known ? undefined : [`There is no ${first} here.`, didYouMean(first, globalCompletions(objects, fired).map((g) => g.name))].filter(Boolean).join(' ') // prettier-ignore
}

function explainLabel(objects: ObjectsByName, path: readonly string[]): string {
  if (path.length !== 2 || !path[1]) return 'Write $Label.Name, with the API name of a custom label.'
  const hint = didYouMean(path[1] ?? '', objects.labels().map((label) => label.name)) ?? 'Add it under custom labels.' // prettier-ignore
  return `There is no custom label ${path[1]}. ${hint}`
}

function explainSettings(objects: ObjectsByName, path: readonly string[]): string | undefined {
  const [, name = '', field] = path
  if (path.length > 3) return 'A field of a custom setting has no parent to follow. Write $Setup.Settings__c.Field__c.'
  if (field === undefined) return 'Write $Setup.Settings__c.Field__c, with an object that holds custom settings.'
  if (settings(objects, name)) return undefined
  const object = objects.object(name)
  if (object?.customSettingsType === 'List') return `${object.name} is a list of settings; $Setup reads hierarchies. Use VLOOKUP.` // prettier-ignore
  if (object)
    return `${object.name} holds no custom settings. $Setup reads objects whose customSettingsType is Hierarchy.`
  return [`There is no custom setting ${name}.`, didYouMean(name, objects.settings())].filter(Boolean).join(' ')
}
