import { inspect, quote } from '#database'
import type { Transaction } from '#database'
import type { ObjectDef } from '#metadata'
import type { Row } from '#util'
import { encodeList, inList } from '../codec.ts'
import { updateRows } from './update.ts'

/** Puts records into the recycle bin; `stamps` are written with it (who and when, the next version). Gives the ids that were not there. */
export const markDeleted = (
  tx: Transaction,
  object: ObjectDef,
  ids: readonly string[],
  stamps: Row = {},
): Promise<string[]> =>
  updateRows(
    tx,
    object,
    ids.map((id) => ({ id, set: { ...stamps, IsDeleted: true } })),
  )

/** Takes records out of the recycle bin; a unique value that is taken meanwhile fails with UNIQUE. */
export const undelete = (
  tx: Transaction,
  object: ObjectDef,
  ids: readonly string[],
  stamps: Row = {},
): Promise<string[]> =>
  updateRows(
    tx,
    object,
    ids.map((id) => ({ id, set: { ...stamps, IsDeleted: false } })),
  )

/** Removes rows for good. What still points to them, deleted records and deleted fields included, is emptied first. */
export async function purgeRows(tx: Transaction, object: ObjectDef, ids: readonly string[]): Promise<number> {
  const id = object.field('Id')!
  const list = encodeList(tx.dialect, id, ids)
  for (const shape of (await inspect(tx, tx.dialect)).values())
    for (const [column, target] of shape.foreignKeys) {
      if (target !== object.table) continue
      const points = inList(tx.dialect, { ...id, column }, quote(shape.name), 1)
      await tx.run(`UPDATE ${quote(shape.name)} SET ${quote(column)} = NULL WHERE ${points}`, [list])
    }
  return await tx.run(`DELETE FROM ${quote(object.table)} WHERE ${inList(tx.dialect, id, quote(object.table), 1)}`, [
    list,
  ])
}
