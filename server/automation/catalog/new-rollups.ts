import { quote } from '#database'
import type { Database, Dialect, Transaction } from '#database'
import { rollupsOf } from '#metadata'
import type { Catalog, ObjectDef, PlanStep, Rollup } from '#metadata'
import { countRollups, countSql } from '#records'
import type { DialectReader } from '#records'
import { formatInstant } from '#util'
import type { Instant } from '#util'
import { enqueue } from '../journal/store.ts'
import { enqueueReaders } from '../processes/dependents.ts'
import { AT_ONCE, countOf, recordsText } from './in-background.ts'
import { readSetting, writeSetting } from './settings.ts'

/** Roll-ups that are new, or counted otherwise than before: the statement that counts them is another one. */
function countedAnew(dialect: Dialect, before: Catalog, after: Catalog): Rollup[] {
  const known = new Map(rollupsOf(before).map((rollup) => [rollup.field.id, meaningOf(dialect, rollup)]))
  return rollupsOf(after).filter((rollup) => known.get(rollup.field.id) !== meaningOf(dialect, rollup))
}

const meaningOf = (dialect: Dialect, rollup: Rollup): string =>
  JSON.stringify([rollup.field.column, countSql(dialect, rollup)])

/** What a plan says of them; `before` has the tables. */
export async function rollupSteps(reader: DialectReader, before: Catalog, after: Catalog): Promise<PlanStep[]> {
  const steps: PlanStep[] = []
  for (const rollup of countedAnew(reader.dialect, before, after)) {
    const { parent, field } = rollup
    const there = before.objectById(parent.id)
    const records = there ? await countOf(reader, there.table) : 0
    const later = (await isLarge(reader, before, rollup))
      ? ' in the background; until then it shows “Calculating…”'
      : ''
    if (records > 0)
      steps.push({ action: 'changeField', kind: 'Field', id: field.id, name: `${parent.name}.${field.name}`, follows: true, text: `Calculate ${parent.name}.${field.name} of ${recordsText(records)}${later}.` }) // prettier-ignore
  }
  return steps
}

async function isLarge(reader: DialectReader, tables: Catalog, { parent, child }: Rollup): Promise<boolean> {
  for (const { id } of [parent, child]) {
    const object = tables.objectById(id)
    const more = object && `SELECT 1 FROM ${quote(object.table)} LIMIT 1 OFFSET ${AT_ONCE}`
    if (more && (await reader.get(more))) return true
  }
  return false
}

/**
 * Counts them for the records that are there: few in this transaction, many from the journal; gives the ids of the fields that wait for it.
 * The journal looks at the few once more: a save that began before this change knows nothing of it and may be written after it.
 */
export async function countNewRollups(
  tx: Transaction,
  before: Catalog,
  after: Catalog,
  now: Instant,
): Promise<ReadonlySet<string>> {
  const waiting = new Set<string>()
  const atOnce = new Map<Rollup, readonly string[]>()
  for (const rollup of countedAnew(tx.dialect, before, after)) {
    const ids = await allIds(tx, rollup.parent)
    if (await isLarge(tx, after, rollup)) waiting.add(rollup.field.id)
    else atOnce.set(rollup, ids)
    await enqueueCount(tx, after, rollup, ids, now)
  }
  const counted = await countRollups(tx, after, (rollup) => atOnce.get(rollup) ?? [])
  await enqueueReaders({ tx, now, catalog: after }, counted)
  return waiting
}

async function enqueueCount(
  tx: Transaction,
  { version }: Catalog,
  { parent, field }: Rollup,
  records: readonly string[],
  now: Instant,
): Promise<void> {
  await enqueue(tx, now, 'roll-up', { records, what: `${parent.label}: ${field.label}`, rollup: field.id, catalog: version }) // prettier-ignore
}

const ADOPTED = 'roll-ups counted'

/** Earlier releases left roll-ups blank where a parent has no children, or had them before the roll-up: once, all are counted again, from the journal. */
export async function adoptRollups(database: Database, catalog: Catalog): Promise<void> {
  if ((await readSetting(database, ADOPTED)) !== undefined) return
  const now = database.clock.now()
  await database.transaction(async (tx) => {
    for (const rollup of rollupsOf(catalog))
      await enqueueCount(tx, catalog, rollup, await allIds(tx, rollup.parent), now)
    await writeSetting(tx, ADOPTED, formatInstant(now))
  })
}

/** Those in the recycle bin too: they may come back. */
async function allIds(tx: Transaction, object: ObjectDef): Promise<string[]> {
  const id = quote(object.field('Id')!.column!)
  const rows = await tx.all<{ id: string }>(`SELECT ${id} AS id FROM ${quote(object.table)} ORDER BY ${id}`)
  return rows.map((row) => row.id)
}
