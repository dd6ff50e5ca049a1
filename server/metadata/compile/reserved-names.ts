import type { ObjectDocument } from '../documents.ts'
import { defaultRelationshipName, DISPLAY_FIELD, FILTER_JOINS } from '../names.ts'
import { leadingFields, trailingFields } from '../system-fields.ts'

/** Has every field that the compiler may add whatever the object. */
const FULL: ObjectDocument = {
  kind: 'Object', name: 'Full', label: '', pluralLabel: '', nameField: { label: '', type: 'Text' }, customSettingsType: 'Hierarchy', quotes: ['*'],
} // prettier-ignore

const SYSTEM = [...leadingFields(FULL), ...trailingFields(FULL)].flatMap(({ name, referenceTo }) => [
  name,
  ...(referenceTo ? [defaultRelationshipName(name) ?? name] : []),
])
/** What GraphQL reads as a value where it could be the name of one. */
const LITERALS = ['true', 'false', 'null']
/** What every object of JavaScript has, so that a reader of our JSON meets it there. */
const INHERITED = [...Object.getOwnPropertyNames(Object.prototype), 'prototype']

const RESERVED = new Set(
  [...SYSTEM, DISPLAY_FIELD, ...FILTER_JOINS, ...LITERALS, ...INHERITED].map((name) => name.toLowerCase()),
)

/** Names that nothing of an object may have, in any letter case. */
export const isReserved = (name: string): boolean => RESERVED.has(name.toLowerCase())
