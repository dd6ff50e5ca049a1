import { placeholders, quote } from '#database'
import type { Dialect, Reader } from '#database'
import type { Catalog } from '#metadata'
import type { Finding } from '#util'

type DialectReader = Reader & { readonly dialect: Dialect }

/** The version twice: as the process, too. */
const inVersion = ({ dialect }: DialectReader): string =>
  `process_state.process = ${placeholders(dialect, 1)} AND process_state.version = ${placeholders(dialect, 1, 2)}`

/** Ids of the records in this version of a process that a migration moves. What lies in the recycle bin is moved when it comes back, so that only then it counts. */
export async function recordsInFlight(reader: DialectReader, catalog: Catalog, version: string): Promise<string[]> {
  const object = catalog.objects.get(catalog.processes.get(version)!.object)!
  const column = (name: string): string => `r.${quote(object.field(name)!.column!)}`
  const rows = await reader.all<{ record_id: string }>(
    `SELECT process_state.record_id FROM process_state JOIN ${quote(object.table)} r ON ${column('Id')} = process_state.record_id WHERE ${inVersion(reader)} AND NOT ${column('IsDeleted')} ORDER BY 1`,
    [version, version],
  )
  return rows.map((row) => row.record_id)
}

/** Ids of the records that are in this version of a process, in the recycle bin too. */
async function pinnedRecords(reader: DialectReader, version: string): Promise<string[]> {
  const rows = await reader.all<{ record_id: string }>(
    `SELECT record_id FROM process_state WHERE ${inVersion(reader)} ORDER BY record_id`,
    [version, version],
  )
  return rows.map((row) => row.record_id)
}

export async function governsRecords(reader: DialectReader, version: string): Promise<boolean> {
  const sql = `SELECT 1 FROM process_state WHERE ${inVersion(reader)} LIMIT 1`
  return (await reader.get(sql, [version, version])) !== undefined
}

/** How many milestones of the past and present were promised by it: their log can be replayed only while it is there. */
async function milestonesOf(reader: DialectReader, catalog: Catalog, version: string): Promise<number> {
  const object = catalog.objects.get('RecordMilestone')!
  const row = await reader.get<{ n: number | string }>(
    `SELECT count(*) AS n FROM ${quote(object.table)} WHERE ${quote(object.field('ProcessVersion')!.column!)} = ${placeholders(reader.dialect, 1)}`,
    [version],
  )
  return Number(row?.n ?? 0)
}

/** A version that the next catalog lacks may not be in use. */
export async function checkRemoved(reader: DialectReader, current: Catalog, next: Catalog): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const name of current.processes.keys()) {
    if (next.processes.has(name)) continue
    const pinned = (await pinnedRecords(reader, name)).length
    const told = pinned > 0 ? 0 : await milestonesOf(reader, current, name)
    if (pinned > 0 || told > 0) findings.push(inUse(name, pinned, told))
  }
  return findings
}

const inUse = (name: string, pinned: number, told: number): Finding => ({
  code: 'VERSION_IN_USE',
  severity: 'error',
  file: name,
  message:
    pinned > 0
      ? `${pinned === 1 ? '1 record is' : `${pinned} records are`} in ${name}, so it can't be deleted.`
      : `${told === 1 ? '1 milestone was' : `${told} milestones were`} promised by ${name}, whose log needs it, so it can't be deleted.`,
  hint: pinned > 0 ? 'Move the records to another version first.' : 'Leave it inactive: no new record gets it.',
})
