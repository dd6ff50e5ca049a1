import { placeholders, quote } from '#database'
import type { Run } from '../save/draft.ts'

/** Takes platform rows away for good. */
export async function deleteRows(run: Run, objectName: string, ids: readonly string[]): Promise<void> {
  const object = run.catalog.objects.get(objectName)!
  await run.tx.run(
    `DELETE FROM ${quote(object.table)} WHERE ${quote(object.field('Id')!.column!)} IN (${placeholders(run.tx.dialect, ids.length)})`,
    ids,
  )
}
