/** Adding 2,400 open minutes: this room against a day walk on luxon, in one run. */
import { performance } from 'node:perf_hooks'
import { DateTime } from 'luxon'
import { parseInstant, type Instant } from '#util'
import { compileCalendar, type Calendar, type WeeklyHours } from './index.ts'

export interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly against?: string
}

const TIME_ZONE = 'Europe/London'
const HOURS: WeeklyHours = { mon: [['09:00', '17:30']], tue: [['09:00', '17:30']], wed: [['09:00', '17:30']], thu: [['09:00', '17:30']], fri: [['09:00', '17:00']] } // prettier-ignore
const HOLIDAYS = [
  '2026-01-01',
  '2026-04-03',
  '2026-04-06',
  '2026-05-04',
  '2026-05-25',
  '2026-08-31',
  '2026-12-25',
  '2026-12-28',
]
const AMOUNT = 2400 * 60_000
const STARTS = Array.from({ length: 1000 }, (_, i) => (parseInstant('2026-01-05T08:00Z') ?? 0) + i * 28_111_337)

export async function bench(): Promise<Measure[]> {
  const calendar = compile()
  checkSame(calendar)
  const ours = best(5, () => perCall(400_000, (i) => calendar.add(STARTS[i % STARTS.length]!, AMOUNT) ?? 0))
  const open = best(5, () =>
    perCall(400_000, (i) => calendar.diff(STARTS[i % STARTS.length]!, STARTS[(i * 7) % STARTS.length]!)),
  )
  const walk = best(3, () => perCall(400, (i) => luxonAdd(STARTS[i % STARTS.length]!, AMOUNT)))
  const compiling = best(3, () => perCall(50, () => compile().add(STARTS[0]!, AMOUNT) ?? 0))
  return [
    {
      name: 'business time: add 2,400 minutes',
      value: round(ours),
      unit: 'µs',
      ratio: Math.round(walk / ours),
      against: 'day walk on luxon',
    },
    { name: 'business time: add 2,400 minutes, day walk on luxon', value: round(walk), unit: 'µs' },
    { name: 'business time: diff', value: round(open), unit: 'µs' },
    { name: 'business time: compile a calendar and ask once', value: round(compiling), unit: 'µs' },
  ]
}

function compile(): Calendar {
  const holidays = HOLIDAYS.map((date) => ({ name: date, date }))
  const { calendar } = compileCalendar({ name: 'bench', timeZone: TIME_ZONE, hours: HOURS, holidays })
  if (!calendar) throw new Error('the calendar of the bench does not compile')
  return calendar
}

/** A figure for a wrong answer would mean nothing. */
function checkSame(calendar: Calendar): void {
  for (const start of STARTS.slice(0, 100))
    if (calendar.add(start, AMOUNT) !== luxonAdd(start, AMOUNT)) throw new Error(`the day walk disagrees at ${start}`)
}

const holidays = new Set(HOLIDAYS)
const SPANS = [undefined, HOURS.mon, HOURS.tue, HOURS.wed, HOURS.thu, HOURS.fri, undefined, undefined]

/** What an application without a calendar library writes: day by day, span by span, in the zone. */
function luxonAdd(start: Instant, amount: number): Instant {
  let left = amount
  for (let day = DateTime.fromMillis(start, { zone: TIME_ZONE }).startOf('day'); ; day = day.plus({ days: 1 })) {
    if (holidays.has(day.toISODate() ?? '')) continue
    for (const [open, close] of SPANS[day.weekday] ?? []) {
      const from = Math.max(start, at(day, open))
      const to = at(day, close)
      if (from >= to) continue
      if (left <= to - from) return from + left
      left -= to - from
    }
  }
}

const at = (day: DateTime, time: string): Instant =>
  day.set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) }).toMillis()

/** Keeps the sum, so that no call can be left out. */
function perCall(times: number, call: (i: number) => number): number {
  let sum = 0
  const begin = performance.now()
  for (let i = 0; i < times; i++) sum += call(i)
  const took = performance.now() - begin
  if (Number.isNaN(sum)) throw new Error('a call gave no number')
  return (took * 1000) / times
}

function best(times: number, measure: () => number): number {
  return Math.min(...Array.from({ length: times }, measure))
}

const round = (value: number): number => Math.round(value * 1000) / 1000
