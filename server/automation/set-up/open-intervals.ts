/** `open_interval`: what SQL knows of the calendars. Written with each new version, and moved on as the years go by. */
import type { Calendar } from '#business-hours'
import { placeholders } from '#database'
import type { Transaction } from '#database'
import type { DialectReader } from '#records'
import type { Instant } from '#util'

const YEAR = 365 * 86_400_000

/** The setting that says when the intervals were last moved on. */
export const clocksSetting = 'milestone clocks'

/** What is written is a year more, both ways, than what must be there. */
const SPARE = YEAR

export interface Span {
  readonly from: Instant
  readonly until: Instant
}

/** The years around now, and no more than these either way: a target far off is not worth its rows. */
export const spanAround = (now: Instant, earliest: Instant = now, latest: Instant = now): Span => ({
  from: Math.max(Math.min(earliest, now - YEAR), now - 20 * YEAR),
  until: Math.min(Math.max(latest, now + YEAR), now + 20 * YEAR),
})

export async function covers(reader: DialectReader, calendar: string, { from, until }: Span): Promise<boolean> {
  const known = await reader.get<{ first: number | string | null; last: number | string | null }>(
    `SELECT min(start_at) AS first, max(start_at) AS last FROM open_interval WHERE calendar = ${placeholders(reader.dialect, 1)}`,
    [calendar],
  )
  return known?.first != null && Number(known.first) <= from && Number(known.last) >= until
}

/** Writes the intervals of a stored version anew, unless they cover the span. Nodes that do so at once take turns. */
export async function keepIntervals(tx: Transaction, calendar: Calendar, span: Span): Promise<void> {
  const { dialect } = tx
  const mine = `= ${placeholders(dialect, 1)}`
  if (dialect === 'postgres')
    await tx.all(`SELECT 1 FROM calendar_version WHERE version ${mine} FOR UPDATE`, [calendar.version])
  if (await covers(tx, calendar.version, span)) return
  await tx.run(`DELETE FROM open_interval WHERE calendar ${mine}`, [calendar.version])
  const rows = intervalRows(calendar, { from: span.from - SPARE, until: span.until + SPARE })
  const source =
    dialect === 'sqlite'
      ? `SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)`
      : `SELECT $1, (v->>0)::bigint, (v->>1)::bigint, (v->>2)::bigint FROM json_array_elements($2::json) v`
  await tx.run(`INSERT INTO open_interval (calendar, start_at, end_at, open_before) ${source}`, [
    calendar.version,
    JSON.stringify(rows),
  ])
}

type IntervalRow = readonly [start: Instant, end: Instant, openBefore: number | null]

function intervalRows(calendar: Calendar, { from, until }: Span): IntervalRow[] {
  const open = calendar.intervals(from, until)
  const rows: IntervalRow[] = open[0]?.from === from ? [] : [[from, from, 0]]
  let before = 0
  for (const interval of open) {
    rows.push([interval.from, interval.to, before])
    before += interval.to - interval.from
  }
  return [...rows, [until, until, null]]
}
