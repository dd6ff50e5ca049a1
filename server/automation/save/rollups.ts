import { updateRollup } from '#records'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import { fieldAfter } from './draft.ts'
import type { Run } from './draft.ts'

interface Rollup {
  readonly parent: ObjectDef
  readonly field: FieldDef
}

const cache = new WeakMap<Catalog, readonly Rollup[]>()

function rollupsOf(catalog: Catalog): readonly Rollup[] {
  const known = cache.get(catalog)
  if (known) return known
  const made = [...catalog.objects.values()].flatMap((parent) =>
    parent.fields.filter((field) => field.rollup).map((field) => ({ parent, field })),
  )
  cache.set(catalog, made)
  return made
}

/** Step 8: roll-up fields of the parents whose children this save touched are counted again, in SQL, after the write. */
export async function updateRollups(run: Run): Promise<void> {
  for (const { parent, field } of rollupsOf(run.catalog)) {
    const ids = parentsTouched(run, field)
    if (ids.length > 0) await updateRollup(run.tx, run.catalog, parent, field, ids)
  }
}

function parentsTouched(run: Run, field: FieldDef): string[] {
  const { object, through } = field.rollup!
  const ids = run.drafts
    .filter((d) => d.object.name === object)
    .flatMap((d) => [fieldAfter(d, through), d.before?.[through]])
  return [...new Set(ids.filter((id): id is string => typeof id === 'string'))]
}
