import type { JSONSchema7 } from 'json-schema'

/** A JSON Schema (draft 7); `discriminator` (OpenAPI's) says which key chooses among `oneOf`. */
export type Schema = JSONSchema7 & { readonly discriminator?: { readonly propertyName: string } }
type Properties = { readonly [name: string]: Schema | boolean }

export const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  minLength: 1,
  description,
  ...more,
})
export const longText = (description: string): Schema => ({ type: 'string', description })
export const flag = (description: string): Schema => ({ type: 'boolean', description })
export const whole = (description: string, minimum = 0, maximum?: number): Schema => ({
  type: 'integer', minimum, ...(maximum !== undefined && { maximum }), description,
}) // prettier-ignore
export const oneOf = (values: readonly string[], description: string): Schema => ({
  type: 'string',
  enum: [...values],
  description,
})
export const list = (items: Schema, description: string, more: Schema = {}): Schema => ({
  type: 'array',
  items,
  description,
  ...more,
})
export const formula = (description: string): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength: 10_000,
  description: `${description} A formula.`,
})

/** Kept by the platform: given once, here; what a document from outside says of it is not taken. */
export const kept = (schema: Schema): Schema => ({ ...schema, readOnly: true })

/** An object with these keys and no others. `required` names those that must be there. */
export const record = (properties: Properties, required: readonly string[] = [], description?: string): Schema => ({
  type: 'object',
  ...(description && { description }),
  properties,
  ...(required.length > 0 && { required: [...required] }),
  additionalProperties: false,
})

/** An object whose keys are names and whose values are alike. */
export const byName = (values: Schema, description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: values,
})

/** Exactly one of the object's keys. */
export const exactlyOne = (schema: Schema, keys: readonly string[]): Schema => ({
  ...schema,
  oneOf: keys.map((key) => ({ required: [key] })),
})

const NAMED = {
  $schema: longText('Where the schema of this document lies, for editors.'),
  id: text('Stable identity; given once, kept through renames. Leave it out of a new document.', {
    pattern: '^[A-Za-z0-9_.~]{1,255}$',
  }),
  otherIds: kept(list(text('An id.'), 'Kept by the platform.')),
  physicalName: kept(text('Kept by the platform.', { pattern: '^[oc]_[a-z0-9_]{1,60}$' })),
  deletedAt: kept(text('Kept by the platform.')),
  description: longText('For people: what it is for.'),
}

export const namedProperties = (kind: string, name: string): Properties => ({
  kind: { const: kind },
  name: text(name),
  ...NAMED,
})

/** The schema of a kind's document. */
export function documentSchema(
  kind: string,
  name: string,
  properties: Properties,
  required: readonly string[],
): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: kind,
    ...record({ ...namedProperties(kind, name), ...properties }, ['kind', 'name', ...required]),
  }
}
