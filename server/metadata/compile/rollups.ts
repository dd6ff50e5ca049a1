import type { FieldDef } from '../catalog.ts'
import type { ObjectsByName } from '../formula-scope.ts'
import type { FieldDraft } from './fields.ts'
import type { ObjectDraft } from './objects.ts'

/** A sum, minimum or maximum is stored like the field it is taken from; a count is a whole number. */
export function linkRollups(objects: readonly ObjectDraft[], view: ObjectsByName): void {
  for (const object of objects) {
    for (const field of object.fields) {
      const source = field.rollup?.field && view.object(field.rollup.object)?.field(field.rollup.field)
      if (source && field.rollup?.operation !== 'count') copyStorage(field, source)
    }
  }
}

function copyStorage(field: FieldDraft, source: FieldDef): void {
  field.storage = source.storage
  field.scale = source.scale
  field.precision = Math.max(source.precision, field.precision)
}
