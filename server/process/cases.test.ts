/** Every sentence of the contract as data: cases/*.json. Each case is lived twice: woken at every timer, and lazily. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { BusinessHoursDefinition } from '#business-hours'
import { formatInstant, type Instant, parseInstant, type Row, type Value } from '#util'
import { recordFields } from './record-fields.ts'
import { rowsOf } from './rows.ts'
import { compiled, Driver, type Draught, T0 } from './testing.ts'
import { timersOf } from './timers.ts'
import type { Event, Recurrence } from './types.ts'

interface Case {
  readonly says: string
  readonly process: Draught
  /** Further versions or processes, used by the verb `use`. */
  readonly others?: { readonly [name: string]: Draught }
  readonly recurrence?: { readonly [milestone: string]: Recurrence }
  readonly organisation?: string
  readonly hours?: readonly BusinessHoursDefinition[]
  readonly script: readonly Line[]
}

/** `at`: ISO, or minutes since Monday 09:00 (`+60`), with `+60+1ms` a millisecond later. One verb a line. */
type Line = { readonly at: string } & {
  readonly save?: Row
  readonly hours?: { readonly record?: string; readonly entitlement?: string; readonly organisation?: string }
  readonly history?: readonly { readonly at: string; readonly record: Row }[]
  readonly mail?: Row
  /** What the mail was before this save. */
  readonly was?: Row
  readonly hand?: { readonly [key: string]: unknown }
  readonly use?: string
  readonly migrate?: 'skip' | 'raise'
  readonly calendar?: BusinessHoursDefinition
  readonly refused?: string
  readonly rows?: { readonly [key: string]: Row }
  readonly pauses?: { readonly [key: string]: Row }
  readonly violations?: { readonly [key: string]: Row }
  readonly record?: Row
  readonly fired?: readonly string[]
  readonly skipped?: readonly string[]
  readonly timers?: readonly string[]
  readonly log?: readonly string[]
}

const instantOf = (text: string): Instant => {
  const m = /^([+-]\d+(?:\.\d+)?)(?:\+(\d+)ms)?$/.exec(text)
  return m ? T0 + Math.round(Number(m[1]) * 60_000) + Number(m[2] ?? 0) : parseInstant(text)!
}
const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^[+-]\d+(\.\d+)?(\+\d+ms)?$/.test(value)
/** `+60` stands for an instant wherever it is written. */
const told = (value: Value): Value => (isTime(value) ? formatInstant(instantOf(value)) : value)
const rowOf = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, told(v)]))
const minutesOf = (at: Instant): string => {
  const ms = (at - T0) % 60_000
  return `+${(at - T0 - ms) / 60_000}${ms ? `+${ms}ms` : ''}`
}

function play(c: Case, woken: boolean): void {
  const d = new Driver(compiled(c.process), { recurrence: c.recurrence, organisation: c.organisation, hours: c.hours })
  for (const line of c.script) {
    const at = instantOf(line.at)
    if (woken) d.run(at)
    doLine(c, d, at, line)
  }
}

function doLine(c: Case, d: Driver, at: Instant, line: Line): void {
  if (line.use) d.use(compiled({ ...c.others![line.use]!, process: c.others![line.use]!.process ?? 'Care' }))
  if (line.calendar) d.addHours(line.calendar)
  const more = {
    ...(line.hours?.record && { recordHours: line.hours.record }),
    ...(line.hours?.entitlement && { entitlementHours: line.hours.entitlement }),
    ...(line.history && { history: line.history.map((h) => ({ at: instantOf(h.at), record: rowOf(h.record) })) }),
  }
  const result = act(d, at, line, more)
  if (line.refused) expect(result?.findings.map((f) => f.code)).toEqual([line.refused])
  else expect(result?.findings ?? []).toEqual([])
  check(d, at, line)
}

function act(d: Driver, at: Instant, line: Line, more: object) {
  if (line.migrate) return d.migrate(at, line.migrate)
  if (line.save) return d.save(at, rowOf(line.save), more)
  if (line.mail) return d.related(at, 'Mail', mailOf(at, line.mail), line.was && mailOf(at, line.was))
  if (line.hand) return d.hand(at, instants(line.hand) as never)
  return line.use || line.calendar ? d.save(at) : d.look(at)
}

const mailOf = (at: Instant, mail: Row): Row =>
  rowOf({ Incoming: false, ParentId: 'rec', Id: 'm1', CreatedDate: formatInstant(at), ...mail })

/** Times in a hand event are instants. */
const instants = (event: { readonly [key: string]: unknown }): Partial<Event> =>
  Object.fromEntries(Object.entries(event).map(([k, v]) => [k, isTime(v) ? instantOf(v) : v]))

function check(d: Driver, at: Instant, line: Line): void {
  const rows = rowsOf(d.rules, d.state)
  for (const kind of ['rows', 'pauses', 'violations'] as const) {
    const found = new Map(rows[kind === 'rows' ? 'milestones' : kind].map((r) => [r.key, r.fields]))
    for (const [key, fields] of Object.entries(line[kind] ?? {})) {
      if ((fields as unknown) === null) expect(found.has(key), `${key} at ${minutesOf(at)}`).toBe(false)
      else expect(found.get(key), `${key} at ${minutesOf(at)}`).toMatchObject(rowOf(fields))
    }
  }
  if (line.record) {
    const { fields, nextMilestone } = recordFields(d.rules, d.state)
    expect({ ...fields, nextMilestone }).toMatchObject(rowOf(line.record))
  }
  if (line.fired) expect(d.actions.map((a) => `${a.name} ${a.instance} ${minutesOf(a.due)}`)).toEqual(line.fired)
  const outcome = d.logs.flatMap((l) => l.outcome)
  if (line.skipped)
    expect(outcome.filter((o) => o.what === 'skipped').map((o) => `${o.instance} ${o.step} ${o.why}`)).toEqual(
      line.skipped,
    )
  if (line.timers) expect(timersOf(d.rules, d.state).map((t) => `${t.key} ${minutesOf(t.at)}`)).toEqual(line.timers)
  for (const what of line.log ?? [])
    expect(outcome.map((o) => `${o.what} ${o.instance ?? ''} ${o.why ?? ''}`).join('\n')).toMatch(new RegExp(what))
}

const folder = new URL('cases/', import.meta.url)
for (const file of readdirSync(folder).filter((f) => f.endsWith('.json'))) {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  describe(file.replace('.json', ''), () => {
    for (const c of cases) {
      it(c.says, () => play(c, true))
      it(`${c.says} (lazily)`, () => play(c, false))
    }
  })
}
