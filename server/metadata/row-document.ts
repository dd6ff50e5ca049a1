import type { Value } from '#util'
import type { ObjectDef } from './catalog.ts'
import type { Document, Kind } from './documents.ts'
import { byName, type Schema } from './kinds/schema.ts'

/**
 * A row of a set-up object (Milestone, BusinessHours, Holiday, EntitlementTemplate) as a document. It lies in its own table and in no catalog:
 * deploying it saves the row, exporting it reads the row.
 */
export interface RowDocument {
  readonly $schema?: string
  readonly kind: 'Row'
  /** `BusinessHours.US_Support`: the object and the row's DeveloperName. */
  readonly name: string
  /**
   * By field; what is left out stays as it is, null empties. A reference to another such row is that row's API name; under the name of a
   * list of joined rows (`Holidays` of business hours) stand all their API names.
   */
  readonly values: { readonly [field: string]: Value }
}

/** Everything that a folder holds and a plan may change. */
export type AnyDocument = Document | RowDocument
export type AnyKind = Kind | 'Row'

/** The field that holds a row's API name; objects for set-up that have it can be deployed row by row. */
export const ROW_KEY = 'DeveloperName'

export const isDeployable = (object: ObjectDef): boolean => object.setup && object.field(ROW_KEY)?.unique === true

export const isRowDocument = (document: { readonly kind: string }): document is RowDocument => document.kind === 'Row'

export const rowSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Row',
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'Where the schema of this document lies, for editors.' },
    kind: { const: 'Row' },
    name: {
      type: 'string',
      pattern: '^[A-Za-z]\\w*\\.[A-Za-z]\\w{0,79}$',
      description: "The object and the row's API name, e.g. BusinessHours.US_Support.",
    },
    values: byName(
      {},
      "What the row's fields hold. A reference to another set-up row, and each entry of a list of joined rows, is that row's API name.",
    ),
  },
  required: ['kind', 'name', 'values'],
  additionalProperties: false,
}
