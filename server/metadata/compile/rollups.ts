import type { FieldDef } from '../catalog.ts'
import type { ObjectsByName } from '../formula-scope.ts'
import type { FieldDraft } from './fields.ts'
import type { ObjectDraft } from './objects.ts'

/** A sum, minimum or maximum is stored like the field it is taken from, which may be a roll-up itself; a count is a whole number. */
export function linkRollups(objects: readonly ObjectDraft[], view: ObjectsByName): void {
  const drafts = new Map<FieldDef, FieldDraft>(objects.flatMap((o) => o.fields.map((field) => [field, field] as const)))
  const linked = new Set<FieldDraft>()
  const link = (field: FieldDraft | undefined): void => {
    if (!field?.rollup || linked.has(field)) return
    linked.add(field)
    const source = field.rollup.field && view.object(field.rollup.object)?.field(field.rollup.field)
    if (!source || field.rollup.operation === 'count') return
    link(drafts.get(source))
    copyStorage(field, source)
  }
  for (const field of drafts.values()) link(field)
}

function copyStorage(field: FieldDraft, source: FieldDef): void {
  field.storage = source.storage
  field.scale = source.scale
  field.precision = Math.max(source.precision, field.precision)
}
