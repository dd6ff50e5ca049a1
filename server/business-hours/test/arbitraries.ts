import fc from 'fast-check'
import type { HolidayDefinition, OverrideDefinition, Span, WeeklyDefinition } from '../types.ts'

/** A zone and the local date of a change of its clock (or of none); the grid is laid around it. */
const PLACES = [
  ['Europe/London', '2026-03-29'], ['Europe/London', '2026-10-25'], ['America/New_York', '2026-03-08'], ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'], ['Australia/Lord_Howe', '2026-10-04'], ['Asia/Kathmandu', '2026-06-10'],
  ['Africa/Casablanca', '2026-02-15'], ['Africa/Casablanca', '2026-03-22'], ['Pacific/Apia', '2011-12-30'],
  ['America/Sao_Paulo', '2015-10-18'], ['America/Havana', '2025-11-02'], ['America/Havana', '2025-03-09'], ['UTC', '2027-01-01'],
  ['Pacific/Chatham', '2026-04-05'], ['Pacific/Chatham', '2026-09-27'], ['Africa/Cairo', '2026-04-24'], ['Africa/Cairo', '2026-10-30'], ['Asia/Beirut', '2026-03-29'],
] as const // prettier-ignore

const DAY = 86_400_000
const clock = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`

const spanArbitrary: fc.Arbitrary<Span> = fc
  .tuple(
    fc.integer({ min: 0, max: 95 }),
    fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 96 }) }, { weight: 1, arbitrary: fc.constant(96) }),
  )
  .map(([open, close]) => [clock(open), clock(close)])

const spans = fc.array(spanArbitrary, { maxLength: 2 })

const dateAround = (date: string): fc.Arbitrary<string> =>
  fc
    .integer({ min: -6, max: 6 })
    .map((n) => new Date(Date.parse(`${date}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10))

const holiday = (date: string): fc.Arbitrary<HolidayDefinition> =>
  fc
    .record({
      name: fc.constant('Holiday'),
      date: dateAround(date),
      part: fc.option(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 30 }))),
    })
    .map(({ part, ...rest }) =>
      part ? { ...rest, startTime: clock(part[0]), endTime: clock(Math.min(96, part[0] + part[1])) } : rest,
    )

const override = (date: string): fc.Arbitrary<OverrideDefinition> =>
  fc.record({ date: dateAround(date), spans, worksOnHoliday: fc.boolean() })

export interface Case {
  readonly definition: WeeklyDefinition
  /** Midnight UTC of the day around which the grid is laid. */
  readonly middle: number
}

export const caseArbitrary: fc.Arbitrary<Case> = fc.constantFrom(...PLACES).chain(([timeZone, date]) =>
  fc
    .record({
      hours: fc.record({ sun: spans, mon: spans, tue: spans, wed: spans, thu: spans, fri: spans, sat: spans }),
      holidays: fc.array(holiday(date), { maxLength: 3 }),
      overrides: fc.uniqueArray(override(date), { maxLength: 3, selector: (o) => o.date }),
      effectiveFrom: fc.option(dateAround(date), { nil: undefined, freq: 8 }),
      effectiveTo: fc.option(dateAround(date), { nil: undefined, freq: 8 }),
    })
    .filter(
      ({ effectiveFrom, effectiveTo }) =>
        effectiveFrom === undefined || effectiveTo === undefined || effectiveFrom <= effectiveTo,
    )
    .map((parts) => ({ definition: { name: 'random', timeZone, ...parts }, middle: Date.parse(`${date}T00:00:00Z`) })),
)
