import { updateRollup } from '#records'
import type { FieldDef, ObjectDef } from '#metadata'
import { after } from './draft.ts'
import type { Run } from './draft.ts'

/** Step 8: roll-up fields of the parents whose children this save touched are counted again, in SQL, after the write. */
export async function updateRollups(run: Run): Promise<readonly { object: ObjectDef; id: string }[]> {
  const touched: { object: ObjectDef; id: string }[] = []
  for (const parent of run.catalog.objects.values())
    for (const field of parent.fields.filter((f) => f.rollup)) {
      const ids = parentsTouched(run, field)
      if (ids.length === 0) continue
      await updateRollup(run.tx, run.catalog, parent, field, ids)
      touched.push(...ids.map((id) => ({ object: parent, id })))
    }
  return touched
}

function parentsTouched(run: Run, field: FieldDef): string[] {
  const { object, through } = field.rollup!
  const ids = run.drafts
    .filter((d) => d.object.name === object)
    .flatMap((d) => [after(d)[through], d.before?.[through]])
  return [...new Set(ids.filter((id): id is string => typeof id === 'string'))]
}
