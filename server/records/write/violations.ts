import { DatabaseError, indexName } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'

/** The field whose value was taken already, when that is what the error says; else undefined. */
export function uniqueField(error: unknown, object: ObjectDef): FieldDef | undefined {
  if (!(error instanceof DatabaseError) || error.code !== 'UNIQUE') return undefined
  return object.fields.find(
    ({ column, unique, uniqueWith }) =>
      column !== undefined &&
      (unique || uniqueWith !== undefined) &&
      (error.constraint === indexName('u', object.table, column) ||
        (error.table === object.table && error.columns?.includes(column))),
  )
}
