import { placeholders } from '#database'
import type { Value } from '#util'
import type { DialectReader } from '../write/read.ts'

export interface StoredChange {
  readonly version: number
  readonly at: string
  readonly by: string | null
  readonly reason: string | null
  readonly changes: Value
  readonly undo: Value
}

type Stored = Omit<StoredChange, 'changes' | 'undo'> & { readonly changes: string; readonly undo: string }

const COLUMNS = 'version, at, by, reason, changes, undo'
const parsed = (row: Stored): StoredChange => ({
  ...row,
  changes: JSON.parse(row.changes) as Value,
  undo: JSON.parse(row.undo) as Value,
})

/** Newest first; `before` is a version to go on from. */
export async function changeHistory(
  reader: DialectReader,
  limit: number,
  before = 2_147_483_647,
): Promise<StoredChange[]> {
  const sql = `SELECT ${COLUMNS} FROM metadata_version WHERE version < ${placeholders(reader.dialect, 1)} ORDER BY version DESC LIMIT ${placeholders(reader.dialect, 1, 2)}`
  return (await reader.all<Stored>(sql, [before, limit])).map(parsed)
}

export async function storedChange(reader: DialectReader, version: number): Promise<StoredChange | undefined> {
  const row = await reader.get<Stored>(
    `SELECT ${COLUMNS} FROM metadata_version WHERE version = ${placeholders(reader.dialect, 1)}`,
    [version],
  )
  return row && parsed(row)
}

/** The changes after a version, the oldest first. */
export async function changesSince(reader: DialectReader, version: number): Promise<StoredChange[]> {
  const sql = `SELECT ${COLUMNS} FROM metadata_version WHERE version > ${placeholders(reader.dialect, 1)} ORDER BY version`
  return (await reader.all<Stored>(sql, [version])).map(parsed)
}
