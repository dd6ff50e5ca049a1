import { placeholders, quote } from '#database'
import { atScale, batches, insertRows, updateRows } from '#records'
import type { ObjectDef } from '#metadata'
import { formatInstant } from '#util'
import type { RowChange } from '#records'
import type { Row } from '#util'
import { AUTOMATION_USER_ID } from '../actor.ts'
import type { Run } from './draft.ts'

/** What every new row of the platform's own has. */
export const systemValues = ({ now }: Run): Row => ({
  CreatedDate: formatInstant(now),
  LastModifiedDate: formatInstant(now),
  CreatedById: AUTOMATION_USER_ID,
  LastModifiedById: AUTOMATION_USER_ID,
  Version: 1,
  IsDeleted: false,
})

/** Rows that the platform alone writes (milestones, timers, log, history): no checks, no rounds; ids are returned in order. */
export async function insertPlatformRows(run: Run, objectName: string, rows: readonly Row[]): Promise<string[]> {
  const object = run.catalog.objects.get(objectName)
  if (!object || rows.length === 0) return []
  const system = systemValues(run)
  const made = rows.map((row) => ({ ...system, Id: run.newId(object), ...row }))
  await insertRows(run.tx, object, made)
  return made.map((row) => row.Id)
}

export async function updatePlatformRows(run: Run, objectName: string, changes: readonly RowChange[]): Promise<void> {
  const object = run.catalog.objects.get(objectName)
  if (object && changes.length) await updateRows(run.tx, object, changes)
}

/** Takes rows away for good. */
export async function deletePlatformRows(run: Run, objectName: string, ids: readonly string[]): Promise<void> {
  const object = run.catalog.objects.get(objectName)!
  for (const part of batches(ids, 1))
    await run.tx.run(
      `DELETE FROM ${quote(object.table)} WHERE ${quote(object.field('Id')!.column!)} IN (${placeholders(run.tx.dialect, part.length)})`,
      part,
    )
}

/** The row with its numbers as they are stored. */
export function atScales(object: ObjectDef, row: Row): Row {
  const numbers = object.fields.filter(({ name }) => typeof row[name] === 'number')
  return { ...row, ...Object.fromEntries(numbers.map((field) => [field.name, atScale(field, row[field.name]!)])) }
}
