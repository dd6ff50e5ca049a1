import { placeholders, quote } from '#database'
import type { Catalog } from '#metadata'
import { rowsOf } from '#process'
import { formatInstant, parseInstant } from '#util'
import type { Instant, Row } from '#util'
import { automationActor } from '../actor.ts'
import { readSetting, writeSetting } from '../catalog/settings.ts'
import { rulesOf } from '../processes/context.ts'
import { readStates } from '../processes/store.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import type { Run } from '../save/draft.ts'
import { updatePlatformRows } from '../save/platform-rows.ts'
import { clocksSetting, covers, keepIntervals, spanAround } from '../set-up/open-intervals.ts'
import type { Span } from '../set-up/open-intervals.ts'

const DAY = 86_400_000
const BATCH = 200
const DUE = ''
/** In the setting, before the last record whose milestones have been looked at. */
const AFTER = 'after '

/**
 * Once a day the intervals by which SQL counts open time are moved on. In a database of a release that had none, milestones get first what their clocks
 * are read from, a batch a call: the number of records looked at.
 */
export async function keepClocks(context: RunContext, catalog: Catalog, now: Instant): Promise<number> {
  if (!catalog.object('RecordMilestone')?.document.clock) return 0
  const at = (await readSetting(context.database, clocksSetting)) ?? AFTER
  if (at.startsWith(AFTER)) return noteClocks(context, catalog, now, at.slice(AFTER.length))
  if (at > formatInstant(now - DAY)) return 0
  await moveIntervals(context, catalog, now)
  await context.database.transaction((tx) => writeSetting(tx, clocksSetting, formatInstant(now)))
  return 0
}

async function noteClocks(context: RunContext, catalog: Catalog, now: Instant, after: string): Promise<number> {
  const who = { actor: automationActor('clocks'), cause: 'clocks', now }
  return inRun(context, catalog, who, async (run) => {
    const found = await run.tx.all<{ id: string }>(
      `SELECT record_id AS id FROM process_state WHERE record_id > ${placeholders(run.tx.dialect, 1)} ORDER BY record_id LIMIT ${BATCH}`,
      [after],
    )
    const ids = found.map((row) => row.id)
    await writeClocks(run, ids)
    await writeSetting(run.tx, clocksSetting, ids.length > 0 ? AFTER + ids.at(-1)! : DUE)
    return ids.length
  })
}

async function writeClocks(run: Run, ids: readonly string[]): Promise<void> {
  const rules = rulesOf(run)
  const states = await readStates(run.tx, ids)
  const changes = [...states.values()].flatMap(({ state, ids: rowIds }) =>
    rowsOf(rules, state).milestones.flatMap(({ key, fields }) =>
      rowIds[key] === undefined ? [] : [{ id: rowIds[key], set: clockOf(fields) }],
    ),
  )
  await updatePlatformRows(run, 'RecordMilestone', changes)
}

const clockOf = ({ CalendarVersion, TimeRemainingMinutes, TimeSinceTargetMinutes, TargetUsedPercent }: Row): Row =>
  ({ CalendarVersion, TimeRemainingMinutes, TimeSinceTargetMinutes, TargetUsedPercent }) as Row

/** Of the hours in force, and of those in which a milestone runs. */
async function moveIntervals(context: RunContext, catalog: Catalog, now: Instant): Promise<void> {
  const { database, setUps } = context
  const setUp = await setUps.current(database, catalog)
  const spans = new Map(setUp.allHours.map(({ calendar }) => [calendar.version, spanAround(now)]))
  for (const [version, span] of await runningSpans(context, catalog, now)) spans.set(version, span)
  for (const [version, span] of spans) {
    const calendar = setUp.calendar(version)
    if (calendar && !(await covers(database, version, span)))
      await database.transaction((tx) => keepIntervals(tx, calendar, span))
  }
}

/** From the earliest start to the latest target of what runs in each version. */
async function runningSpans({ database }: RunContext, catalog: Catalog, now: Instant): Promise<[string, Span][]> {
  const object = catalog.object('RecordMilestone')!
  const { calendar, start, target, stopped } = object.document.clock!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const running = stopped.map((name) => `${column(name)} IS NULL`).join(' AND ')
  const rows = await database.all<{ version: string; earliest: string | null; latest: string | null }>(
    `SELECT ${column(calendar)} AS version, min(${column(start)}) AS earliest, max(${column(target)}) AS latest FROM ${quote(object.table)} WHERE ${running} AND NOT ${column('IsDeleted')} AND ${column(calendar)} IS NOT NULL GROUP BY 1`,
  )
  const instant = (text: string | null): Instant | undefined => (text === null ? undefined : parseInstant(text))
  return rows.map((row) => [row.version, spanAround(now, instant(row.earliest), instant(row.latest))])
}
