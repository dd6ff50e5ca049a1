import { describe, expect, test } from 'vitest'
import { compile, scopeOf, type EvaluationContext, type FormulaOptions } from './index.ts'

const scope = scopeOf('Case', [
  { path: 'Priority', type: 'Picklist', picklistValues: ['High', 'Medium', 'Low'] },
  { path: 'IsClosed', type: 'Boolean' },
  { path: 'Subject', type: 'Text' },
  { path: 'Amount', type: 'Number' },
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'Account.Tier__c', type: 'Text' },
  { path: 'Account.Employees', type: 'Number' },
])
const NOW = 1_700_000_000_000

function run(
  source: string,
  record: EvaluationContext['record'] = {},
  more: Partial<EvaluationContext> = {},
  options: Partial<FormulaOptions> = {},
) {
  const { formula, findings } = compile(source, { scope, ...options })
  if (!formula) return findings.map((finding) => finding.message).join(' ')
  const result = formula.evaluate({ record, now: NOW, ...more })
  return result.ok ? result.value : result.finding.message
}

describe('criteria', () => {
  const high = { Priority: 'High', IsClosed: false }
  test('a picklist and a checkbox', () => {
    const source = 'AND(ISPICKVAL(Priority,"High"), NOT(IsClosed))'
    expect(run(source, high)).toBe(true)
    expect(run(source, { ...high, IsClosed: true })).toBe(false)
    expect(run(source, {})).toBe(false)
  })
  test('what a save changes', () => {
    expect(
      run('ISCHANGED(Priority) && ISPICKVAL(PRIORVALUE(Priority), "Low")', high, { prior: { Priority: 'Low' } }),
    ).toBe(true)
    expect(run('ISCHANGED(Priority)', high)).toBe(false)
    expect(run('ISNEW()', high)).toBe(true)
  })
  test('what a picklist held before is text where text is wanted, the picklist itself is not', () => {
    const prior = { Priority: 'Low' }
    expect(run('PRIORVALUE(Priority) = "Low"', high, { prior })).toBe(true)
    expect(run('PRIORVALUE(Priority) = Subject', high, { prior })).toBe(false)
    expect(run('PRIORVALUE(Priority)', high, { prior }, { returnType: 'Text' })).toBe('Low')
    expect(run('PRIORVALUE(Priority) = Priority', high, { prior })).toBe("Priority is a picklist and can't stand in =.")
    expect(run('PRIORVALUE(Priority) > 1', high, { prior })).toBe("> can't compare text with a number.")
    expect(run('YEAR(PRIORVALUE(Priority))', high, { prior })).toMatch(/^YEAR needs a date .*, not a picklist/)
  })
  test('values that a picklist does not have are still noticed in what it held before', () => {
    const warned = (source: string) => compile(source, { scope }).findings.map((finding) => finding.code)
    expect(warned('CASE(PRIORVALUE(Priority), "Hihg", 1, 2)')).toEqual(['UNKNOWN_PICKLIST_VALUE'])
    expect(warned('CASE(PRIORVALUE(Priority), Subject, 1, 2)')).toEqual([])
  })
  test('a date/time is its day in the zone in force where a date is wanted', () => {
    const late = { CreatedDate: '2026-05-31T22:30:00.000Z' }
    const paris = { timeZone: 'Europe/Paris' }
    const date = { returnType: 'Date' } as const
    expect(run('CreatedDate', late, paris, date)).toBe('2026-06-01')
    expect(run('CreatedDate + 42', late, paris, date)).toBe('2026-07-13')
    expect(run('NOW()', late, { ...paris, now: Date.parse('2025-12-31T23:30:00Z') }, date)).toBe('2026-01-01')
    expect(run('IF(IsClosed, NOW(), CreatedDate)', late, {}, date)).toBe('2026-05-31')
    expect(run('CreatedDate', {}, paris, date)).toBe(null)
    expect(run('CreatedDate = DATE(2026, 6, 1)', late, paris)).toBe(true)
    expect(run('CreatedDate', late, paris, { returnType: 'DateTime' })).toBe('2026-05-31T22:30:00.000Z')
    expect(run('TODAY()', late, paris, { returnType: 'DateTime' })).toBe('Here a date/time is needed; the formula gives a date.') // prettier-ignore
    expect(run('TODAY() - CreatedDate', late, paris)).toBe("- can't work on a date and a date/time.")
  })
  test('a parent that is not there is blank', () => {
    expect(run('Account.Employees > 100', { 'Account.Employees': 500 })).toBe(true)
    expect(run('Account.Employees', {})).toBe(0)
    expect(run('Account.Employees', {}, {}, { blanks: 'blank' })).toBe(null)
    expect(run('Account.Tier__c = ""', {})).toBe(true)
  })
  test('^ is looser than *', () => {
    expect(run('2*2^3')).toBe(64)
    expect(run('2+5*7^2')).toBe(1227)
    expect(run('2^3^2')).toBe(64)
    expect(run('-2^2')).toBe(4)
  })
})

describe('plain messages', () => {
  const cases: [string, string][] = [
    ['Priorty', 'No field Priorty on Case. Did you mean Priority?'],
    ['Acount.Tier__c', 'No relationship Acount on Case. Did you mean Account?'],
    ['Account.Teir__c', 'No field Teir__c on Account. Did you mean Tier__c?'],
    ['IF(IsClosed, 1)', 'IF needs 3 arguments, got 2.'],
    ['ISPIKVAL(Priority, "High")', 'There is no function ISPIKVAL. Did you mean ISPICKVAL?'],
    ['Priority = "High"', "Priority is a picklist and can't stand in =."],
    ['ISPICKVAL(Priority, "Hihg")', 'false'],
    ['1 +', 'Something is missing after +: a field, a value or a function.'],
    ['1 / 0', 'The formula divides by zero.'],
    ['', 'The formula is empty.'],
    ['(1', 'This parenthesis is never closed.'],
    ['"a" + 1', "+ can't work on text and a number."],
    ['Amount => 5', '=> is not an operator.'],
    ['Subject = “a”', "The curly quote “ can't stand in a formula."],
    ['Subject = "a\nb"', 'This text goes on over the end of the line.'],
    ['IF(IsClosed; 1, 2)', '";" separates nothing here.'],
    ['IF(IsClosed 1, 2)', 'Between IsClosed and 1 a comma or an operator is missing in IF( … ).'],
    ['Amount > 1,000', 'This comma stands outside a function.'],
    ['/* note', 'This comment is never closed.'],
    ['Account.Tier', 'No field Tier on Account. Did you mean Tier__c?'],
    ['Account', 'Account leads to another record.'],
    ['$Profile.Name', 'No global $Profile on Case.'],
  ]
  test.each(cases)('%s', (source, message) => {
    expect(String(run(source))).toBe(message)
  })

  const hints: [string, string][] = [
    ['Subject = New', 'If it is a text, put it in quotes: "New".'],
    ['IsClosed = "true"', 'Write IsClosed alone, or NOT(IsClosed).'],
    ['1 < Amount < 5', 'Write each comparison by itself and join them with &&.'],
    ['CreatedDate - TODAY()', 'Use DATEVALUE(CreatedDate).'],
    ['CreatedDate > "2026-01-01 08:00:00"', 'Use DATETIMEVALUE("2026-01-01 08:00:00").'],
    ['IsClosed AND Amount > 1', 'Write && between the conditions, or AND( … , … ) around them.'],
    ['CONCATENATE(Subject, "a")', 'Join texts with &.'],
    ['Case.Subject', 'Write Subject alone.'],
    ['Amount * 10%', 'For a share write 0.1 instead of 10%; for a remainder use MOD( … , … ).'],
    ['ISPICKVAL("Priority", "High")', "Write the field's name without quotes."],
    ['TEXT(IsClosed)', 'Use IF(IsClosed, "…", "…").'],
  ]
  test.each(hints)('%s: what to do', (source, hint) => {
    expect(compile(source, { scope }).findings[0]).toMatchObject({ hint, at: { start: expect.any(Number) as number } })
  })
})
