import { describe, expect, test } from 'vitest'
import { compile, scopeOf, type FormulaOptions } from './index.ts'

const scope = scopeOf('Case', [
  { path: 'Due__c', type: 'Date' },
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'Subject', type: 'Text' },
  { path: 'Amount', type: 'Number' },
  { path: 'Share__c', type: 'Number', percent: true },
  { path: 'IsClosed', type: 'Boolean' },
  { path: 'Account.Share__c', type: 'Number', percent: true },
])
const messagesOf = (source: string, options: Partial<FormulaOptions> = {}) => {
  const { formula, findings } = compile(source, { scope, ...options })
  expect(formula).toBeDefined()
  return findings.map((f) => [f.severity, f.code, f.message, f.hint, source.slice(f.at!.start, f.at!.end)])
}
const value = (source: string, record = {}) => {
  const result = compile(source, { scope }).formula!.evaluate({ record, now: 0 })
  return result.ok ? result.value : result.finding.message
}

describe('a warning of what is hardly meant', () => {
  const NULL = 'what is compared with NULL gives a blank.'
  const cases: [string, string, string, string][] = [
    ['Due__c = NULL', 'NEVER_TRUE', `Due__c = NULL is never true: ${NULL}`, 'Use ISBLANK(Due__c).'],
    ['null == CreatedDate', 'NEVER_TRUE', `null == CreatedDate is never true: ${NULL}`, 'Use ISBLANK(CreatedDate).'],
    ['Due__c <> NULL', 'NEVER_TRUE', `Due__c <> NULL is never true: ${NULL}`, 'Use NOT(ISBLANK(Due__c)).'],
    ['Due__c + 1 != NULL', 'NEVER_TRUE', `Due__c + 1 != NULL is never true: ${NULL}`, 'Use NOT(ISBLANK(Due__c + 1)).'],
    ['Subject > NULL', 'NEVER_TRUE', `Subject > NULL is never true: ${NULL}`, 'Use ISBLANK(Subject).'],
    ['Amount = NULL', 'NEVER_TRUE', `Amount = NULL is never true: ${NULL}`, 'A blank Amount counts as 0: compare it with 0.'],
    ['IsClosed = NULL', 'NEVER_TRUE', `IsClosed = NULL is never true: ${NULL}`, 'A checkbox is never blank: write IsClosed alone, or NOT(IsClosed).'],
    ['ISBLANK(IsClosed)', 'NEVER_TRUE', 'ISBLANK(IsClosed) is never true: a checkbox is never blank.', 'Write IsClosed alone, or NOT(IsClosed).'],
    ['ISBLANK(Amount)', 'NEVER_TRUE', 'ISBLANK(Amount) is never true: a blank Amount counts as 0 here.', 'Compare Amount with 0.'],
    ['ISNULL(PRIORVALUE(Amount))', 'NEVER_TRUE', 'ISNULL(PRIORVALUE(Amount)) is never true: a blank PRIORVALUE(Amount) counts as 0 here.', 'Compare PRIORVALUE(Amount) with 0.'],
    ['ISNULL(Subject)', 'NEVER_TRUE', 'ISNULL(Subject) is never true: a text is blank and never null.', 'Use ISBLANK.'],
    ['BLANKVALUE(Amount, 5)', 'NEVER_BLANK', 'BLANKVALUE never gives its substitute: a blank Amount counts as 0 here.', 'Compare Amount with 0.'],
    ['NULLVALUE(Subject, "x")', 'NEVER_BLANK', 'NULLVALUE never gives its substitute: a text is blank and never null.', 'Use BLANKVALUE.'],
    ['Share__c > 75', 'PERCENT_AS_WHOLE', 'Share__c is compared with 7500 %: in a formula 75 % is 0.75.', 'Write 0.75 for 75 %.'],
    ['-7.5 >= Account.Share__c', 'PERCENT_AS_WHOLE', 'Account.Share__c is compared with -750 %: in a formula -7.5 % is -0.075.', 'Write -0.075 for -7.5 %.'],
  ] // prettier-ignore
  test.each(cases)('%s', (source, code, message, hint) => {
    expect(messagesOf(source)).toEqual([['warning', code, message, hint, source]])
  })

  test('it says what is so', () => {
    for (const [source, code] of cases) if (code === 'NEVER_TRUE') expect([source, value(source)]).not.toContain(true)
    expect(value('Share__c = 0.75', { Share__c: 75 })).toBe(true)
    expect(value('BLANKVALUE(Amount, 5)')).toBe(0)
    expect(value('NULLVALUE(Subject, "x")')).toBe(null)
  })

  test.each([
    'Subject = NULL', 'Subject <> NULL', 'ISBLANK(Subject)', 'ISBLANK(Due__c)', 'Share__c > 0.75', 'Share__c <= 1',
    'Share__c * 100 > 75', 'Amount > 75', 'BLANKVALUE(Subject, "x")', 'IF(IsClosed, Due__c, NULL)',
  ])('none of %s', (source) => expect(messagesOf(source)).toEqual([])) // prettier-ignore

  test('none where blank numbers stay blank', () => {
    expect(messagesOf('ISBLANK(Amount)', { blanks: 'blank' })).toEqual([])
    expect(messagesOf('BLANKVALUE(Amount, 5)', { blanks: 'blank' })).toEqual([])
  })
})
