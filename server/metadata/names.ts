import type { Kind } from './documents.ts'

const CUSTOM_SUFFIX = '__c'
export const RELATIONSHIP_SUFFIX = '__r'
const MAX_LENGTH = 40
const SHAPE = /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/

export const isCustom = (name: string): boolean => /__c$/i.test(name)

/** `Case.Priority` → [`Case`, `Priority`]; a name without a dot is its own last part. */
export function splitName(fullName: string): [object: string, name: string] {
  const dot = fullName.indexOf('.')
  return dot < 0 ? [fullName, fullName] : [fullName.slice(0, dot), fullName.slice(dot + 1)]
}

/** Why a simple name is not one, in plain words; undefined when it is fine. */
export function nameProblem(name: string, suffix = CUSTOM_SUFFIX): string | undefined {
  const bare = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
  if (bare.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`
  if (SHAPE.test(bare)) return undefined
  return 'must begin with a letter and hold only letters, digits and single underscores (not at its end)'
}

/** What joins the conditions of a filter; it stands beside the fields there. */
export const FILTER_JOINS: readonly string[] = ['and', 'or', 'not']
export const isJoin = (key: string): boolean => FILTER_JOINS.includes(key)
/** The companion of a record's fields that holds labels and formatted values. */
export const DISPLAY_FIELD = 'display'

/** What a polymorphic lookup leads to: `GroupOrUser`; `CaseRecord` when `*tracked` comes to one object, whose own name is that of its type. */
export const polymorphicName = (objects: readonly string[]): string =>
  objects.length === 1 ? `${objects[0]}Record` : [...objects].sort().join('Or')

/** The name under which the parent of a reference field is followed: `AccountId` → `Account`, `Region__c` → `Region__r`. */
export function defaultRelationshipName(fieldName: string): string | undefined {
  if (isCustom(fieldName)) return fieldName.replace(/__c$/i, '__r')
  return fieldName.length > 2 && fieldName.endsWith('Id') ? fieldName.slice(0, -2) : undefined
}

/** `GoLiveDate__c` → `go_live_date_c`; letters, digits and single underscores, at most 48 characters. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_+/g, '_')
    .slice(0, 48)
}

/** Kinds whose full name is `Object.Name`; their documents live in the object's folder. */
export const SCOPED_KINDS: ReadonlySet<Kind> = new Set<Kind>(['Field', 'ValidationRule', 'Layout', 'ListView'])
