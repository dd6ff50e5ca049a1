import { placeholders, quote } from '#database'
import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { automationActor } from '../actor.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import { differencesOf } from './differences.ts'
import type { Difference } from './differences.ts'
import { mend } from './mend.ts'
import { readStored } from './stored.ts'

export interface RepairOptions {
  /** Mend what differs; default: only say it. */
  readonly write?: boolean
  /** Only these records; default all that have a process or a log. */
  readonly records?: readonly string[]
  /** Told of each difference as it is found. */
  readonly tell?: (difference: Difference) => void
}

export interface RepairReport {
  readonly records: number
  readonly differing: number
  readonly differences: number
  /** Differences that were written over. */
  readonly mended: number
}

const BATCH = 200

/** Replays the log of every record, one transaction a record, and compares it with what is stored. */
export async function repair(
  context: RunContext,
  catalog: Catalog,
  options: RepairOptions = {},
): Promise<RepairReport> {
  const report = { records: 0, differing: 0, differences: 0, mended: 0 }
  for await (const record of options.records ?? tracked(context.database, catalog)) {
    const found = await repairOne(context, catalog, record, options.write ?? false)
    report.records++
    report.differing += found.length > 0 ? 1 : 0
    report.differences += found.length
    report.mended += options.write ? found.filter((d) => d.mend).length : 0
    for (const difference of found) options.tell?.(difference)
  }
  return report
}

async function repairOne(context: RunContext, catalog: Catalog, record: string, write: boolean): Promise<Difference[]> {
  const object = catalog.objectByKeyPrefix(record.slice(0, 3))
  if (!object) return [{ record, object: 'process_state', text: 'the record’s object is not there any more' }]
  const who = { actor: automationActor('repair'), cause: 'repair', now: context.database.clock.now() }
  return inRun(context, catalog, who, async (run) => {
    const stored = await readStored(run, object, record, write)
    const differences = differencesOf(run, stored)
    if (write) await mend(run, stored, differences)
    return differences
  })
}

/** Records that have a state or a log, in the order of their ids, read in parts. */
async function* tracked(database: Database, catalog: Catalog): AsyncGenerator<string> {
  const events = catalog.objects.get('MilestoneEvent')!
  const parent = quote(events.field('ParentId')!.column!)
  const sources = `SELECT record_id AS id FROM process_state UNION SELECT ${parent} AS id FROM ${quote(events.table)} WHERE NOT ${quote(events.field('IsDeleted')!.column!)}`
  let after = ''
  for (;;) {
    const rows = await database.all<{ id: string }>(
      `SELECT id FROM (${sources}) x WHERE id > ${placeholders(database.dialect, 1)} ORDER BY id LIMIT ${BATCH}`,
      [after],
    )
    for (const { id } of rows) yield id
    if (rows.length < BATCH) return
    after = rows.at(-1)!.id
  }
}
