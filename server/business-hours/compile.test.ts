import fc from 'fast-check'
import { hasErrors } from '#util'
import { describe, expect, test } from 'vitest'
import { compileCalendar, readDuration, type BusinessHoursDefinition } from './index.ts'

const good: BusinessHoursDefinition = { name: 'Support', timeZone: 'UTC', hours: { mon: [['09:00', '17:00']] } }
const refused = (change: object): [string, string | undefined][] =>
  compileCalendar({ ...good, ...change }).findings.map((f) => [f.code, f.path])

describe('what is wrong with a calendar is said, with its place', () => {
  test.each<[string, object, [string, string | undefined][]]>([
    ['no name', { name: ' ' }, [['CALENDAR_WITHOUT_NAME', 'name']]],
    ['no zone', { timeZone: undefined }, [['TIME_ZONE_MISSING', 'timeZone']]],
    ['an unknown zone', { timeZone: 'Europe/Lundon' }, [['UNKNOWN_TIME_ZONE', 'timeZone']]],
    ['an unknown weekday', { hours: { mon: [['09:00', '17:00']], monday: [] } }, [['UNKNOWN_WEEKDAY', 'hours.monday']]],
    ['no time', { hours: { mon: [['9am', '17:00']] } }, [['BAD_TIME', 'hours.mon[0]']]],
    ['a time beyond 24:00', { hours: { mon: [['09:00', '24:01']] } }, [['BAD_TIME', 'hours.mon[0]']]],
    ['half a span', { hours: { mon: [['09:00']] } }, [['BAD_SPAN', 'hours.mon[0]']]],
    ['a span from 24:00', { hours: { mon: [['24:00', '08:00']] } }, [['BAD_SPAN', 'hours.mon[0]']]],
    ['hours that are no list', { hours: { mon: '9-5' } }, [['BAD_SPAN', 'hours.mon']]],
    ['overlapping spans', { hours: { mon: [['09:00', '13:00'], ['12:00', '17:00']] } }, [['OVERLAPPING_SPANS', 'hours.mon']]],
    ['no open minute', { hours: { mon: [] } }, [['NEVER_OPEN', undefined]]],
    ['no open minute, since a holiday takes them all', { holidays: [{ name: 'Off', recurrence: { type: 'RecursDaily' } }] }, [['NEVER_OPEN', undefined]]],
    ['no open minute within the effective dates', { effectiveFrom: '2026-06-02', effectiveTo: '2026-06-05' }, [['NEVER_OPEN', undefined]]],
    ['effective dates the wrong way round', { effectiveFrom: '2026-06-02', effectiveTo: '2026-06-01' }, [['EFFECTIVE_DATES_REVERSED', 'effectiveTo']]],
    ['a date that does not exist', { effectiveFrom: '2026-02-30' }, [['BAD_DATE', 'effectiveFrom']]],
    ['two overrides of a date', { overrides: [{ date: '2026-06-01', spans: [] }, { date: '2026-06-01', spans: [] }] }, [['DUPLICATE_OVERRIDE', 'overrides[1]']]],
    ['an override without a date', { overrides: [{ spans: [] }] }, [['BAD_DATE', 'overrides[0].date']]],
    ['a boundary of its own', { boundary: 'ajar' }, [['BAD_BOUNDARY', 'boundary']]],
    ['a holiday without name and date', { holidays: [{}] }, [['HOLIDAY_WITHOUT_NAME', 'holidays[0]'], ['HOLIDAY_WITHOUT_DATE', 'holidays[0].date']]],
    ['a holiday that ends before it starts', { holidays: [{ name: 'H', date: '2026-06-01', startTime: '13:00', endTime: '12:00' }] }, [['EMPTY_HOLIDAY', 'holidays[0]']]],
    ['an unknown recurrence', { holidays: [{ name: 'H', recurrence: { type: 'RecursFortnightly' } }] }, [['BAD_RECURRENCE', 'holidays[0].recurrence.type']]],
    ['a recurrence with holes', { holidays: [{ name: 'H', recurrence: { type: 'RecursYearlyNth', monthOfYear: 13, interval: 2 } }] }, [
      ['BAD_RECURRENCE', 'holidays[0].recurrence.start'], ['BAD_RECURRENCE', 'holidays[0].recurrence.instance'],
      ['BAD_RECURRENCE', 'holidays[0].recurrence.dayOfWeekMask'], ['BAD_RECURRENCE', 'holidays[0].recurrence.monthOfYear'],
    ]],
    ['half an intersection', { intersectionOf: [good] }, [['BAD_INTERSECTION', 'intersectionOf']]],
    ['everything at once', { timeZone: 'X', hours: { mon: [['a', 'b']] }, boundary: 'c' }, [['BAD_BOUNDARY', 'boundary'], ['BAD_TIME', 'hours.mon[0]'], ['UNKNOWN_TIME_ZONE', 'timeZone']]],
  ])('%s', (_, change, expected) => {
    expect(refused(change)).toEqual(expected)
  }) // prettier-ignore

  test('a warning does not keep a calendar from being compiled', () => {
    const { calendar, findings } = compileCalendar({
      name: 'S',
      timeZone: 'UTC',
      hours: {
        mon: [
          ['09:00', '13:00'],
          ['12:00', '17:00'],
        ],
      },
    })
    expect([findings[0]?.severity, calendar!.diff(0, 7 * 86_400_000)]).toEqual(['warning', 8 * 3_600_000])
  })

  test('messages are sentences', () => {
    const { findings } = compileCalendar({ name: 'S', timeZone: 'Mars', hours: { mon: [['x', 'y']] } })
    expect(findings.map((f) => f.message)).toEqual([
      'Monday: "x" is not a time.',
      'There is no time zone called "Mars".',
    ])
  })
})

test('an intersection that holds itself too often ends in a finding', () => {
  let nested: BusinessHoursDefinition = good
  for (let i = 0; i < 12; i++) nested = { name: `Level ${i}`, intersectionOf: [nested, good] }
  expect(compileCalendar(nested).findings.map((f) => f.code)).toEqual(['BAD_INTERSECTION'])
})

test('no JSON makes it throw: a calendar or an error, never both, never neither', () => {
  const key = fc.constantFrom(
    'name',
    'timeZone',
    'hours',
    'mon',
    'overrides',
    'holidays',
    'date',
    'spans',
    'recurrence',
    'type',
    'interval',
    'intersectionOf',
    'effectiveTo',
    'boundary',
    'startTime',
  )
  const leaf = fc.oneof(
    fc.constantFrom('UTC', '09:00', '17:00', '2026-06-01', 'RecursYearly', 'close', '', 'constructor'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(key, tree), (junk) => {
      for (const definition of [junk, { ...good, ...junk }, { ...junk, name: 'N', timeZone: 'UTC' }]) {
        const { calendar, findings } = compileCalendar(definition as unknown as BusinessHoursDefinition)
        expect(calendar !== undefined).toBe(!hasErrors(findings))
      }
    }),
    { numRuns: 1000 },
  )
})

test('durations are whole milliseconds of named units, or refused', () => {
  expect(readDuration({ hours: 1, minutes: 30, seconds: 0.5 })).toEqual({ ok: true, ms: 5_400_500 })
  for (const bad of [{}, { years: 2 }, { hours: -2 }, { seconds: 'x' }, { minutes: NaN }, null, 5, [1]])
    expect(readDuration(bad)).toMatchObject({ ok: false, finding: { code: 'BAD_DURATION' } })
})
