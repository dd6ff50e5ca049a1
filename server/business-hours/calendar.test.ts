import { formatInstant, parseInstant } from '#util'
import { describe, expect, test } from 'vitest'
import {
  compileCalendar,
  type BusinessHoursDefinition,
  type Calendar,
  type Span,
  type WeeklyDefinition,
} from './index.ts'

const weekdays = (...spans: Span[]) => ({ mon: spans, tue: spans, wed: spans, thu: spans, fri: spans })
const daily = (...spans: Span[]) => ({ ...weekdays(...spans), sat: spans, sun: spans })

function calendar(definition: Omit<WeeklyDefinition, 'name'>, options = {}): Calendar {
  const result = compileCalendar({ name: 'Test', ...definition }, options)
  expect(result.findings).toEqual([])
  return result.calendar!
}

const at = (text: string): number => parseInstant(text.length === 16 ? `${text}:00Z` : text)!
const say = (instant: number | undefined): string =>
  instant === undefined ? 'never' : formatInstant(instant).replace(/:00\.000Z$/, '')
const MIN = 60_000

describe('the table of the contract', () => {
  const london = { timeZone: 'Europe/London', hours: weekdays(['09:00', '18:00']) }
  const rows: [string, Calendar, string, number, string][] = [
    ['over a Sunday on which the clock changes', calendar(london), '2026-03-27T16:30', 240, '2026-03-30T10:30'],
    ['24x7 in spring is elapsed time', calendar({ timeZone: 'America/New_York', always: true }), '2026-03-07T17:00', 1440, '2026-03-08T17:00'],
    ['24x7 in autumn is elapsed time', calendar({ timeZone: 'America/New_York', hours: daily(['00:00', '24:00']) }), '2026-10-31T16:00', 1440, '2026-11-01T16:00'],
    ['from a Saturday', calendar(london), '2026-03-28T10:00', 60, '2026-03-30T09:00'],
    ['from the closing instant', calendar(london), '2026-03-27T18:00', 1, '2026-03-30T08:01'],
    ['ends exactly at closing', calendar(london), '2026-03-27T17:00', 60, '2026-03-27T18:00'],
    ['over a partial holiday', calendar({ ...london, holidays: [{ name: 'Lunch', date: '2026-03-26', startTime: '12:00', endTime: '13:00' }] }), '2026-03-26T11:30', 60, '2026-03-26T13:30'],
    ['over Easter', calendar({ ...london, holidays: [{ name: 'Good Friday', date: '2026-04-03' }, { name: 'Easter Monday', date: '2026-04-06' }] }), '2026-04-02T15:00', 240, '2026-04-07T10:00'],
    ['four days of nine hours', calendar(london), '2026-04-13T08:00', 2160, '2026-04-16T17:00'],
  ] // prettier-ignore
  test.each(rows)('%s', (_, calendar, start, minutes, target) => {
    expect(say(calendar.add(at(start), minutes * MIN))).toBe(target)
  })

  test('01:00–04:00 in New York holds two, three or four hours', () => {
    const night = calendar({ timeZone: 'America/New_York', hours: daily(['01:00', '04:00']) })
    const open = (date: string): number => night.diff(at(`${date}T04:00`), at(`${date}T20:00`)) / MIN
    expect(['2026-03-08', '2026-06-01', '2026-11-01'].map(open)).toEqual([120, 180, 240])
  })

  test('four hours from Friday 16:00, when the week ends at 18:00, are due on Monday at 11:00', () => {
    expect(say(calendar(london).add(at('2026-03-06T16:00'), 240 * MIN))).toBe('2026-03-09T11:00')
  })
})

describe('a change of the clock', () => {
  const on = (span: Span, timeZone: string, date: string): string[] => {
    const only = calendar({ timeZone, overrides: [{ date, spans: [span] }] })
    return only.intervals(at('2000-01-01T00:00'), at('2040-01-01T00:00')).map((i) => `${say(i.from)}/${say(i.to)}`)
  }
  test.each([
    [
      'a start in the gap moves on by its length',
      ['02:30', '05:00'],
      '2026-03-08',
      '2026-03-08T07:30/2026-03-08T09:00',
    ],
    ['an end in the gap moves on by its length', ['01:00', '02:30'], '2026-03-08', '2026-03-08T06:00/2026-03-08T07:30'],
    ['an ambiguous start is the earlier', ['01:30', '03:00'], '2026-11-01', '2026-11-01T05:30/2026-11-01T08:00'],
    ['an ambiguous end is the later', ['00:00', '01:30'], '2026-11-01', '2026-11-01T04:00/2026-11-01T06:30'],
  ] as const)('%s', (_, span, date, expected) => {
    expect(on(span, 'America/New_York', date)).toEqual([expected])
  })

  test('an interval wholly inside the gap vanishes, also one that ends with it', () => {
    for (const span of [
      ['02:10', '02:50'],
      ['02:30', '03:00'],
      ['02:00', '03:00'],
    ] as const)
      expect(
        compileCalendar({
          name: 'Gap',
          timeZone: 'America/New_York',
          overrides: [{ date: '2026-03-08', spans: [span] }],
        }).findings.map((f) => f.code),
      ).toEqual(['NEVER_OPEN'])
  })

  test.each([
    ['Australia/Lord_Howe', ['01:00', '04:00'], '2026-04-05', 210], // back by half an hour
    ['Australia/Lord_Howe', ['01:00', '04:00'], '2026-10-04', 150],
    ['Pacific/Chatham', ['02:00', '04:00'], '2026-04-05', 180], // at 03:45
    ['Pacific/Chatham', ['02:00', '04:00'], '2026-09-27', 60],
    ['Africa/Cairo', ['00:00', '06:00'], '2026-04-24', 300], // at midnight
    ['Africa/Casablanca', ['01:00', '04:00'], '2026-02-15', 240], // Ramadan begins
    ['Africa/Casablanca', ['01:00', '04:00'], '2026-03-22', 120], // and ends
  ] as const)('%s %j on %s holds %d minutes', (timeZone, span, date, minutes) => {
    const only = calendar({ timeZone, overrides: [{ date, spans: [span] }] })
    expect(only.diff(at('2026-01-01T00:00'), at('2027-01-01T00:00')) / MIN).toBe(minutes)
  })

  test('a day that the zone skipped has no hours', () => {
    const apia = calendar({ timeZone: 'Pacific/Apia', hours: daily(['09:00', '17:00']) })
    expect(apia.isBusinessDay('2011-12-30')).toBe(false)
    expect(say(apia.add(at('2011-12-30T02:00'), 480 * MIN))).toBe('2011-12-31T02:00')
  })
})

describe('spans', () => {
  test('several a day, touching ones as one, and one past midnight', () => {
    const c = calendar({
      timeZone: 'UTC',
      hours: {
        mon: [
          ['08:00', '10:00'],
          ['10:00', '12:00'],
          ['22:00', '02:00'],
        ],
      },
    })
    const week = c.intervals(at('2026-06-01T00:00'), at('2026-06-08T00:00'))
    expect(week.map((i) => `${say(i.from)}/${say(i.to)}`)).toEqual([
      '2026-06-01T08:00/2026-06-01T12:00',
      '2026-06-01T22:00/2026-06-02T02:00',
    ])
    expect([c.isBusinessDay('2026-06-01'), c.isBusinessDay('2026-06-02')]).toEqual([true, false])
  })

  test('are half-open and keep milliseconds', () => {
    const c = calendar({ timeZone: 'UTC', hours: weekdays(['09:00', '17:00']) })
    expect([c.isOpen(at('2026-06-01T09:00')), c.isOpen(at('2026-06-01T17:00'))]).toEqual([true, false])
    expect(c.add(at('2026-06-01T16:59:59.250Z'), 1000)).toBe(at('2026-06-02T09:00:00.250Z'))
    expect(c.add(at('2026-06-02T09:00:00.250Z'), -1000)).toBe(at('2026-06-01T16:59:59.250Z'))
  })
})

describe('holidays and overrides', () => {
  const night = { timeZone: 'UTC', hours: daily(['22:00', '06:00']) }
  const open = (c: Calendar): number => c.diff(at('2026-12-24T12:00'), at('2026-12-27T12:00')) / MIN / 60

  test('a holiday takes its wall-clock day: the tail of the night before and the evening', () => {
    expect(open(calendar(night))).toBe(24)
    expect(open(calendar({ ...night, holidays: [{ name: 'Christmas', date: '2026-12-25' }] }))).toBe(16)
  })

  test('an override replaces the spans that open on its date, not the tail of the night before', () => {
    expect(open(calendar({ ...night, overrides: [{ date: '2026-12-25', spans: [] }] }))).toBe(16)
    expect(open(calendar({ ...night, overrides: [{ date: '2026-12-25', spans: [['10:00', '11:00']] }] }))).toBe(17)
  })

  test('a holiday wins over an override unless that works on holidays', () => {
    const holidays = [{ name: 'Christmas', date: '2026-12-25' }]
    const override = { date: '2026-12-25', spans: [['10:00', '14:00']] as Span[] }
    expect(open(calendar({ ...night, holidays, overrides: [override] }))).toBe(10)
    expect(open(calendar({ ...night, holidays, overrides: [{ ...override, worksOnHoliday: true }] }))).toBe(14)
  })

  test('holidays are told by name', () => {
    const c = calendar({
      ...night,
      holidays: [
        { name: 'Christmas', date: '2026-12-25' },
        { name: 'Feast', date: '2026-12-25', startTime: '12:00', endTime: '14:00' },
      ],
    })
    expect(c.holidaysAt(at('2026-12-25T13:00')).map((h) => h.name)).toEqual(['Christmas', 'Feast'])
    expect(c.holidaysAt(at('2026-12-26T00:00'))).toEqual([])
  })
})

describe('effective dates', () => {
  const project = calendar({
    timeZone: 'UTC',
    hours: weekdays(['09:00', '17:00']),
    effectiveFrom: '2026-06-02',
    effectiveTo: '2026-06-05',
  })

  test('outside them it is closed; where no opening follows the answer is never', () => {
    expect(say(project.add(at('2020-01-01T00:00'), 0))).toBe('2026-06-02T09:00')
    expect(say(project.add(at('2026-06-01T10:00'), 32 * 60 * MIN))).toBe('2026-06-05T17:00')
    expect(say(project.add(at('2026-06-01T10:00'), 32 * 60 * MIN + 1))).toBe('never')
    expect(
      [project.next, project.nextOpen, project.nextClose].map((ask) => say(ask.call(project, at('2026-06-05T17:00')))),
    ).toEqual(['never', 'never', 'never'])
    expect([
      say(project.addDays(at('2026-06-05T10:00'), 1)),
      say(project.nextBusinessDay(at('2026-06-05T10:00'), 0)),
    ]).toEqual(['never', 'never'])
    expect(say(project.add(at('2026-06-02T10:00'), -2 * 60 * MIN))).toBe('never')
    expect(project.diff(at('1990-01-01T00:00'), at('2090-01-01T00:00'))).toBe(32 * 60 * MIN)
  })

  test('a night that runs past the last date is cut at its midnight', () => {
    const nights = calendar({ timeZone: 'UTC', hours: daily(['22:00', '06:00']), effectiveTo: '2026-06-05' })
    expect(say(nights.prevClose(at('2026-07-01T00:00')))).toBe('2026-06-06T00:00')
  })
})

describe('the boundary option', () => {
  const hours = weekdays(['09:00', '17:00'])
  const [close, open] = (['close', 'open'] as const).map((boundary) => calendar({ timeZone: 'UTC', hours, boundary }))
  test('says what an amount that ends exactly at closing gives, and at opening when going back', () => {
    const [morning, evening] = [at('2026-06-01T09:00'), at('2026-06-01T17:00')]
    expect([say(close!.add(morning, 480 * MIN)), say(open!.add(morning, 480 * MIN))]).toEqual([
      '2026-06-01T17:00',
      '2026-06-02T09:00',
    ])
    expect([say(close!.add(evening, -480 * MIN)), say(open!.add(evening, -480 * MIN))]).toEqual([
      '2026-06-01T09:00',
      '2026-05-29T17:00',
    ])
    expect(say(open!.add(morning, 479 * MIN))).toBe('2026-06-01T16:59')
  })
})

describe('business days', () => {
  const c = calendar({
    timeZone: 'Europe/London',
    hours: weekdays(['09:00', '17:00']),
    holidays: [{ name: 'Spring', date: '2026-05-25' }],
  })
  test.each([
    ['keep the wall clock over a clock change', '2026-03-27T10:00', 1, '2026-03-30T09:00'],
    ['leave out weekends and holidays', '2026-05-22T10:00', 1, '2026-05-26T10:00'],
    ['snap on to the next opening', '2026-06-01T19:00', 1, '2026-06-03T08:00'],
    ['go back, and snap back to the last closing', '2026-06-01T19:00', -1, '2026-05-29T16:00'],
    ['going back keep an opening instant', '2026-06-02T08:00', -1, '2026-06-01T08:00'],
    ['none from a closed day is the next opening', '2026-05-23T10:00', 0, '2026-05-26T08:00'],
    ['none from an open moment is that moment', '2026-06-01T10:00', 0, '2026-06-01T10:00'],
  ] as const)('%s', (_, start, days, expected) => {
    expect(say(c.addDays(at(start), days))).toBe(expected)
  })

  test('the next one at half past five, open or not', () => {
    expect(say(c.nextBusinessDay(at('2026-05-22T10:00'), 17.5 * 60 * MIN))).toBe('2026-05-26T16:30')
  })

  test('of a calendar that never closes are all days', () => {
    const always = calendar({ timeZone: 'Europe/London', always: true })
    expect(say(always.addDays(at('2026-03-28T10:00'), 1))).toBe('2026-03-29T09:00')
    expect(say(always.nextBusinessDay(at('2026-03-28T10:00'), 0))).toBe('2026-03-28T23:00'.replace('28T23', '29T00'))
  })
})

describe('an intersection', () => {
  const team: BusinessHoursDefinition = {
    name: 'Team',
    timeZone: 'Europe/London',
    hours: weekdays(['09:00', '17:00']),
    holidays: [{ name: 'Bank holiday', date: '2026-05-25' }],
  }
  const customer: BusinessHoursDefinition = {
    name: 'Customer',
    timeZone: 'America/New_York',
    hours: daily(['08:00', '12:00']),
  }
  const both = compileCalendar({ name: 'Both', intersectionOf: [team, customer] })

  test('is open when both are, each in its own zone', () => {
    expect(both.findings).toEqual([])
    expect(
      both
        .calendar!.intervals(at('2026-06-01T00:00'), at('2026-06-02T00:00'))
        .map((i) => `${say(i.from)}/${say(i.to)}`),
    ).toEqual(['2026-06-01T12:00/2026-06-01T16:00'])
    expect([both.calendar!.name, both.calendar!.timeZone]).toEqual(['Both', 'Europe/London'])
    expect(say(both.calendar!.addDays(at('2026-05-22T13:00'), 1))).toBe('2026-05-26T13:00')
  })

  test('of two that never meet is refused, and so is one of what is refused', () => {
    const night: BusinessHoursDefinition = {
      name: 'Night',
      timeZone: 'Europe/London',
      hours: daily(['22:00', '06:00']),
    }
    expect(compileCalendar({ name: 'Never', intersectionOf: [team, night] }).findings.map((f) => f.code)).toEqual([
      'NEVER_OPEN',
    ])
    const broken = compileCalendar({ name: 'X', intersectionOf: [team, { name: 'Y', timeZone: 'Mars/Olympus' }] })
    expect(broken.findings.map((f) => [f.code, f.path])).toEqual([['UNKNOWN_TIME_ZONE', 'intersectionOf[1].timeZone']])
  })

  test('with one that never closes is the other', () => {
    const { calendar } = compileCalendar({
      name: 'Both',
      intersectionOf: [{ name: 'Always', timeZone: 'UTC', always: true }, team],
    })
    expect(calendar!.diff(at('2026-06-01T00:00'), at('2026-06-08T00:00'))).toBe(40 * 60 * MIN)
    expect(calendar!.timeZone).toBe('Europe/London')
  })
})

describe('a zone from the record', () => {
  const hours = weekdays(['09:00', '17:00'])
  test('replaces the calendar’s, and makes another version', () => {
    const [home, away] = [
      calendar({ timeZone: 'UTC', hours }),
      calendar({ timeZone: 'UTC', hours }, { timeZone: 'Asia/Tokyo' }),
    ]
    expect(say(away.next(at('2026-06-01T05:00')))).toBe('2026-06-01T05:00')
    expect(say(home.next(at('2026-06-01T05:00')))).toBe('2026-06-01T09:00')
    expect(home.version).not.toBe(away.version)
  })

  test('in an intersection it is the zone of the members that have none', () => {
    const members = [
      { name: 'Customer', hours },
      { name: 'Team', timeZone: 'UTC', hours: daily(['00:00', '02:00']) },
    ] as const
    const { calendar } = compileCalendar({ name: 'Both', intersectionOf: members }, { timeZone: 'Asia/Tokyo' })
    expect(say(calendar!.next(at('2026-06-01T00:00')))).toBe('2026-06-01T00:00')
  })
})

describe('explain', () => {
  test('names why time does not count', () => {
    const c = calendar({
      timeZone: 'Europe/London',
      hours: weekdays(['09:00', '18:00']),
      holidays: [{ name: 'Easter Monday', date: '2026-04-06' }],
      effectiveTo: '2026-04-07',
    })
    const parts = c.explain(at('2026-04-02T16:00'), at('2026-04-08T00:00'))
    expect(parts.map((s) => [say(s.from), s.counted ? 'counted' : (s.holiday ?? s.reason)])).toEqual([
      ['2026-04-02T16:00', 'counted'],
      ['2026-04-02T17:00', 'closed'],
      ['2026-04-03T08:00', 'counted'],
      ['2026-04-03T17:00', 'weekend'],
      ['2026-04-05T23:00', 'Easter Monday'],
      ['2026-04-06T23:00', 'closed'],
      ['2026-04-07T08:00', 'counted'],
      ['2026-04-07T17:00', 'closed'],
      ['2026-04-07T23:00', 'notEffective'],
    ])
  })
})

describe('a version', () => {
  test('is the same for the same content, however it is written, and another for other content', () => {
    const one = calendar({ timeZone: 'UTC', hours: { mon: [['09:00', '17:00']], tue: [] } })
    const same = calendar({ hours: { tue: [], mon: [['09:00', '17:00']] }, timeZone: 'UTC', holidays: undefined })
    const other = calendar({ timeZone: 'UTC', hours: { mon: [['09:00', '17:01']], tue: [] } })
    expect(one.version).toBe(same.version)
    expect(one.version).not.toBe(other.version)
    expect(one.version).toMatch(/^[0-9a-f]{16}$/)
  })
})

test('far and strange instants have an answer', () => {
  const c = calendar({ timeZone: 'Europe/London', hours: weekdays(['09:00', '17:00']) })
  expect(c.isOpen(at('9000-01-01T10:00'))).toBe(false)
  expect(say(c.add(at('2026-06-01T10:00'), 1e15))).toBe('never')
  expect(say(c.add(at('2026-06-01T10:00'), -1e15))).toBe('never')
  expect([c.add(NaN, 5), c.add(0, NaN), c.addDays(0, 0.5), c.addDays(NaN, 1)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(say(c.add(at('1850-06-03T10:00'), 60 * MIN))).toBe('1850-06-03T11:00')
})

test('a week that is full but for one day long ago never closes again', () => {
  const c = calendar({ timeZone: 'UTC', always: true, holidays: [{ name: 'Day off', date: '2001-01-01' }] })
  expect([say(c.nextClose(at('2026-06-01T00:00'))), say(c.prevOpen(at('2026-06-01T00:00')))]).toEqual([
    'never',
    '2001-01-02T00:00',
  ])
  expect(say(c.prevOpen(at('2000-06-01T00:00')))).toBe('never')
  expect(say(c.addDays(at('2000-12-31T10:00'), 1))).toBe('2001-01-02T10:00')
})
