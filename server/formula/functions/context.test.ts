import { describe, expect, test } from 'vitest'
import { parseInstant, type Value } from '#util'
import { analyze, compile, scopeOf, type EvaluationContext, type FormulaCalendar } from '../index.ts'
import type { FormulaType, PlainField } from '../index.ts'

const scope = scopeOf('Case', [
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'ClosedDate', type: 'DateTime' },
  { path: 'Minutes', type: 'Number' },
  { path: 'Opens', type: 'Time' },
  named('Rate__c', 'Amount', 'Number', false),
  named('Rate__c', 'Name', 'Text', true),
  named('Zone__c', 'Name', 'Text', true),
  { path: '$Label.Greeting', type: 'Text', constant: 'Hello' },
])

/** `$ObjectType.Rate__c.Fields.Name`: a field of another object, named. */
function named(object: string, field: string, type: FormulaType, searchable: boolean): PlainField {
  return { path: `$ObjectType.${object}.Fields.${field}`, type, names: { object, field, searchable } }
}
const [AMOUNT, NAME] = ['$ObjectType.Rate__c.Fields.Amount', '$ObjectType.Rate__c.Fields.Name']

const HOUR = 3_600_000
const DAY = 24 * HOUR
const dayOf = (at: number): number => Math.floor(at / DAY) * DAY

/** Open from 08:00 to 16:00 GMT on every day of the week. */
const calendar: FormulaCalendar = {
  add(at, ms) {
    const opening = Math.max(at, dayOf(at) + 8 * HOUR)
    const closing = dayOf(opening) + 16 * HOUR
    if (opening >= closing) return calendar.add(dayOf(at) + DAY, ms)
    return opening + ms <= closing ? opening + ms : calendar.add(dayOf(opening) + DAY, ms - (closing - opening))
  },
  diff: (from, to) => (to - from) / 3,
  addDays: (at, days) => (days > 1000 ? undefined : at + days * DAY),
  nextBusinessDay: (at, time) => dayOf(at) + DAY + time,
  isOpen: (at) => at - dayOf(at) >= 8 * HOUR && at - dayOf(at) < 16 * HOUR,
}

function run(
  source: string,
  record: { readonly [path: string]: Value } = {},
  more: Partial<EvaluationContext> = { calendar },
) {
  const { formula, findings } = compile(source, { scope })
  if (!formula) return findings[0]?.message
  const result = formula.evaluate({ record, now: parseInstant('2026-03-15T07:30:00Z')!, ...more })
  return result.ok ? result.value : result.finding.message
}

describe('business time comes from the calendar of the context', () => {
  const record = {
    CreatedDate: '2026-03-15T15:00:00.000Z',
    ClosedDate: '2026-03-15T18:00:00.000Z',
    Minutes: 90,
    Opens: '08:15:00.000',
  }
  test('BUSINESSADD takes minutes', () => {
    expect(run('BUSINESSADD(CreatedDate, 30)', record)).toBe('2026-03-15T15:30:00.000Z')
    expect(run('BUSINESSADD(CreatedDate, Minutes)', record)).toBe('2026-03-16T08:30:00.000Z')
    expect(run('BUSINESSADD(NOW(), 0.5)')).toBe('2026-03-15T08:00:30.000Z')
  })
  test('BUSINESSDIFF gives minutes', () => expect(run('BUSINESSDIFF(CreatedDate, ClosedDate)', record)).toBe(60))
  test('BUSINESSADDDAYS and NEXTBUSINESSDAY', () => {
    expect(run('BUSINESSADDDAYS(CreatedDate, 2)', record)).toBe('2026-03-17T15:00:00.000Z')
    expect(run('NEXTBUSINESSDAY(CreatedDate, Opens)', record)).toBe('2026-03-16T08:15:00.000Z')
    expect(run('NEXTBUSINESSDAY(CreatedDate, TIMEVALUE("09:00:00.000"))', record)).toBe('2026-03-16T09:00:00.000Z')
  })
  test('ISBUSINESSOPEN', () => {
    expect(run('ISBUSINESSOPEN(CreatedDate)', record)).toBe(true)
    expect(run('ISBUSINESSOPEN(ClosedDate)', record)).toBe(false)
  })
  test('blanks give blanks, and never opening again or no calendar is a finding', () => {
    expect(run('BUSINESSADD(CreatedDate, 5)', {})).toBe(null)
    expect(run('BUSINESSADDDAYS(CreatedDate, 2000)', record)).toBe('The business hours never open again.')
    expect(run('ISBUSINESSOPEN(CreatedDate)', record, {})).toBe('No business hours apply here.')
  })
  test('they are not the same at all times', () =>
    expect(analyze('ISBUSINESSOPEN(CreatedDate)', { scope }).deterministic).toBe(false))
})

describe('what lies outside the record is asked of the host', () => {
  const lookup = (kind: string, args: readonly Value[]): Value | undefined =>
    kind === 'VLOOKUP' ? `${args.join('|')}`.length : args[0] === 'EUR' ? '1.08' : undefined
  test('VLOOKUP names the two fields and the value', () => {
    expect(run(`VLOOKUP(${AMOUNT}, ${NAME}, "x")`, {}, { lookup })).toBe(`${AMOUNT}|${NAME}|x`.length)
    expect(run(`VLOOKUP(1, ${NAME}, "x")`)).toMatch(/VLOOKUP needs two fields first/)
  })
  test.each([
    [`VLOOKUP(${AMOUNT}, ${AMOUNT}, 1)`, /VLOOKUP can't search by Amount/],
    [`VLOOKUP(${AMOUNT}, $ObjectType.Zone__c.Fields.Name, "x")`, /of one object, not of Rate__c and Zone__c/],
    [`VLOOKUP(Minutes, ${NAME}, "x")`, /write \$ObjectType\.Object\.Fields\.Field/],
    [`${AMOUNT} + 1`, /names a field; it has no value here/],
    [AMOUNT, /names a field; it has no value here/],
  ])('%s is refused in words', (source, message) => expect(run(source)).toMatch(message))
  test('CURRENCYRATE', () => {
    expect(run('CURRENCYRATE("EUR")', {}, { lookup })).toBe(1.08)
    expect(run('CURRENCYRATE("XXX")', {}, { lookup })).toBe("CURRENCYRATE can't be answered here.")
    expect(run('CURRENCYRATE("EUR")', {}, {})).toBe("CURRENCYRATE can't be answered here.")
  })
})

test('a constant of the metadata is compiled in, and still a reference', () => {
  expect(run('$Label.Greeting & "!"')).toBe('Hello!')
  const { formula } = compile('$label.greeting & "!"', { scope })
  expect(formula!.paths).toEqual([])
  expect(formula!.analysis).toMatchObject({ deterministic: true, references: [{ path: '$Label.Greeting' }] })
})

test('the zone decides what day it is', () => {
  expect(run('TODAY()', {}, { timeZone: 'Pacific/Honolulu' })).toBe('2026-03-14')
  expect(run('TODAY()', {}, { timeZone: 'Asia/Tokyo' })).toBe('2026-03-15')
  expect(run('TODAY()', {}, { timeZone: 'Mars/Olympus' })).toBe('The time zone is none that is known.')
})

test('an error names the part of the formula it comes from', () => {
  const { formula } = compile('1 + Minutes / (Minutes - 5)', { scope })
  expect(formula!.evaluate({ record: { Minutes: 5 }, now: 0 })).toMatchObject({
    ok: false,
    finding: { code: 'DIVIDE_BY_ZERO', at: { start: 4, end: 27 } },
  })
})

test('a place may refuse functions, with its own words', () => {
  const { findings } = compile('NOW() > CreatedDate', {
    scope,
    refuse: { NOW: 'Criteria are looked at when a record is saved, so NOW can not stand in them.' },
  })
  expect(findings).toMatchObject([{ code: 'FUNCTION_REFUSED', at: { start: 0, end: 3 } }])
  const age = compile('NOW() - CreatedDate', { scope }).formula!
  const outer = scopeOf('Case', [{ path: 'Age', type: 'Number', formula: age, formulaPrefix: '' }])
  expect(compile('Age > 3', { scope: outer, refuse: { NOW: 'Not here.' } }).findings).toMatchObject([
    { message: 'Age uses NOW. Not here.' },
  ])
})

test('analysis knows references with their places, functions and sub-formulas', () => {
  const inner = compile('Minutes + DAY(TODAY())', { scope }).formula!
  const outer = scopeOf('Case', [
    { path: 'Account.Load', type: 'Number', formula: inner, formulaPrefix: 'Account.' },
    { path: 'Minutes', type: 'Number' },
  ])
  const { formula } = compile('Account.Load + Minutes + Minutes', { scope: outer })
  expect(formula!.paths).toEqual(['Account.Minutes', 'Minutes'])
  expect(formula!.analysis.references.map(({ path, at }) => [path, at.length])).toEqual([['Account.Load', 1], ['Minutes', 2]]) // prettier-ignore
  expect([...formula!.analysis.functions]).toEqual(['DAY', 'TODAY'])
  expect(formula!.analysis.deterministic).toBe(false)
  expect(formula!.evaluate({ record: { 'Account.Minutes': 10, Minutes: 1 }, now: 0 })).toEqual({ ok: true, value: 13 })
})
