import { describe, expect, it } from 'vitest'
import type { Row } from '#util'
import { alwaysHolds, compile, conditionsOf, neverBlank, scopeOf } from './index.ts'

const status = { path: 'Status', label: 'Status', type: 'Picklist', picklistValues: ['New', 'Closed'] } as const
const closed = compile('ISPICKVAL(Status, "Closed")', { scope: scopeOf('Case', [status]) }).formula!
const scope = scopeOf('Case', [
  status,
  { path: 'Reason', label: 'Case Reason', type: 'Picklist', picklistValues: ['Other'] },
  { path: 'Tags', label: 'Tags', type: 'MultiselectPicklist', picklistValues: ['a'] },
  { path: 'IsClosed', label: 'Closed', type: 'Boolean', formula: closed },
  { path: 'Amount', label: 'Amount', type: 'Number' },
  { path: 'Subject', label: 'Subject', type: 'Text' },
  { path: 'CreatedDate', label: 'Created Date', type: 'DateTime', nullable: false },
  { path: 'Account.Tier__c', label: 'Tier', type: 'Text' },
  { path: 'Owner:User.IsInternal', label: 'Internal', type: 'Boolean' },
])
const formula = (source: string) => {
  const { formula: found, findings } = compile(source, { scope, returnType: 'Boolean' })
  if (!found) throw new Error(findings.map((f) => f.message).join(' '))
  return found
}
const texts = (source: string) => conditionsOf(formula(source)).map((c) => c.text)

describe('a formula as conditions in words', () => {
  const ROWS: readonly [string, ...string[]][] = [
    ['AND(IsClosed, NOT(ISBLANK(TEXT(Reason))))', 'Closed is checked', 'Case Reason is filled'],
    ['IsClosed && (Amount > 10 && Amount <= 20)', 'Closed is checked', 'Amount is more than 10', 'Amount is at most 20'],
    ['NOT(OR(ISPICKVAL(Status, "New"), ISBLANK(Subject)))', 'Status is not New', 'Subject is filled'],
    ['NOT(AND(IsClosed, ISPICKVAL(Status, "New")))', 'Closed is not checked or Status is not New'],
    ['OR(ISPICKVAL(Status, ""), AND(IsClosed, Subject <> ""))', 'Status is blank or (Closed is checked and Subject is filled)'],
    ['NOT(NOT(Owner:User.IsInternal))', 'Owner Internal is checked'],
    ['Account.Tier__c = "Gold"', 'Account Tier is Gold'],
    ['NOT(Amount >= 5)', 'Amount is less than 5'],
    ['CreatedDate < TODAY()', 'Created Date is less than TODAY()'],
    ['INCLUDES(Tags, "a")', 'Tags includes a'],
    ['NOT(CONTAINS(Subject, "x"))', 'Subject does not contain x'],
    ['REGEX(Subject, "a+")', 'REGEX(Subject, "a+")'],
    ['NOT(REGEX(Subject, "a+"))', 'NOT(REGEX(Subject, "a+"))'],
  ] // prettier-ignore
  for (const [source, ...expected] of ROWS) it(source, () => expect(texts(source)).toEqual(expected))

  it('each part holds or not, and all of them together are the formula', () => {
    const sources = ROWS.map(([source]) => source)
    const records: Row[] = [
      {},
      { Status: 'Closed', Amount: 15 },
      { Status: 'New', Subject: 'ax', Reason: 'Other', Tags: ['a'] },
      { Status: 'Closed', Subject: 'b', Reason: 'Other', 'Account.Tier__c': 'Gold', 'Owner:User.IsInternal': true },
    ]
    for (const record of records)
      for (const source of sources) {
        const result = formula(source).evaluate({ record, now: 0 })
        const parts = conditionsOf(formula(source)).map((c) => c.holds({ record, now: 0 }))
        expect([source, record, parts.every(Boolean)]).toEqual([source, record, result.ok && result.value])
      }
  })
  it('says what it reads, a formula field as such', () => {
    expect(conditionsOf(formula('IsClosed && Account.Tier__c <> Subject')).map((c) => c.paths)).toEqual([
      ['IsClosed'],
      ['Account.Tier__c', 'Subject'],
    ])
  })
  it('a part that fails does not hold', () => {
    const [part] = conditionsOf(formula('1 / Amount > 0'))
    expect(part!.holds({ record: {}, now: 0 })).toBe(false)
  })
})

describe('a formula that always holds', () => {
  it('is known without a record', () => {
    const always = ['NOT(ISBLANK(Amount))', 'TRUE', 'OR(IsClosed, NOT(ISNULL(CreatedDate)))', 'NOT(AND(IsClosed, FALSE))'] // prettier-ignore
    const depends = ['NOT(ISBLANK(Subject))', 'ISBLANK(Amount)', 'IsClosed', 'AND(IsClosed, TRUE)', 'Amount = 0']
    expect(always.filter((source) => !alwaysHolds(formula(source)))).toEqual([])
    expect(depends.filter((source) => alwaysHolds(formula(source)))).toEqual([])
  })
  it('names the number that is never blank', () => {
    expect(neverBlank(formula('OR(ISBLANK(Subject), ISBLANK(Amount))'))?.path).toBe('Amount')
    expect(neverBlank(formula('ISBLANK(Subject)'))).toBeUndefined()
  })
})
