import { quote } from '#database'
import type { Database, Transaction } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { purgeRows } from '#records'
import { formatInstant } from '#util'
import type { Instant } from '#util'
import { forgetEmptied } from '../save/emptied.ts'
import { readSetting, writeSetting } from '../catalog/settings.ts'

const DAY = 86_400_000
const DAYS_KEPT = 15
const BATCH = 500
const LAST = 'last purge'

/** True once a day: what has lain in the recycle bin for fifteen days is due to go. */
export async function isPurgeDue(database: Database, now: Instant): Promise<boolean> {
  const last = await readSetting(database, LAST)
  return last === undefined || last <= formatInstant(now - DAY)
}

/** Empties the recycle bin of records that were deleted fifteen days ago or earlier; the number of rows that went. */
export async function purgeRecords(database: Database, catalog: Catalog, now: Instant): Promise<number> {
  let total = 0
  for (const object of catalog.objects.values()) {
    const ids = await expired(database, object, now)
    for (let i = 0; i < ids.length; i += BATCH)
      total += await database.transaction((tx) => purge(tx, object, ids.slice(i, i + BATCH)))
  }
  await database.transaction((tx) => writeSetting(tx, LAST, formatInstant(now)))
  return total
}

async function purge(tx: Transaction, object: ObjectDef, ids: readonly string[]): Promise<number> {
  await forgetEmptied(tx, ids)
  return purgeRows(tx, object, ids)
}

async function expired(database: Database, object: ObjectDef, now: Instant): Promise<string[]> {
  const column = (name: string): string => quote(object.field(name)!.column!)
  const mark = database.dialect === 'sqlite' ? '?' : '$1'
  const rows = await database.all<{ id: string }>(
    `SELECT ${column('Id')} AS id FROM ${quote(object.table)} WHERE ${column('IsDeleted')} AND ${column('LastModifiedDate')} <= ${mark}`,
    [formatInstant(now - DAYS_KEPT * DAY)],
  )
  return rows.map((row) => row.id)
}
