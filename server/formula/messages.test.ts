import { expect, test } from 'vitest'
import { compile, scopeOf, type FormulaOptions } from './index.ts'

const scope = scopeOf('Case', [
  { path: 'Due_Date__c', label: 'Due Date', type: 'Date' },
  { path: 'Start__c', label: 'Due Date Start 2', type: 'Date' },
  { path: 'Target__c', label: 'Deadline', type: 'DateTime' },
  { path: 'Account.Due_Date__c', label: 'Due Date', type: 'Date' },
  { path: 'Subject', type: 'Text' },
  { path: 'Status', type: 'Picklist', picklistValues: ['New'] },
  { path: 'Tags', type: 'MultiselectPicklist', picklistValues: ['a'] },
  { path: 'IsClosed', type: 'Boolean' },
  { path: 'Month', type: 'Number' },
])
const messagesOf = (source: string, options: Partial<FormulaOptions> = {}) =>
  compile(source, { scope, ...options }).findings.map((f) => [f.message, f.hint, f.at && source.slice(f.at.start, f.at.end)]) // prettier-ignore

const LABEL = 'Due Date is the label of a field whose name is Due_Date__c.'
const IF = 'Write IF(condition, result_if_true, result_if_false).'
const cases: [string, string, string, string][] = [
  ['Due Date > TODAY()', LABEL, 'Write Due_Date__c.', 'Due Date'],
  ['IF(IsClosed && due  date > TODAY(), 1, 2)', 'due date is the label of a field whose name is Due_Date__c.', 'Write Due_Date__c.', 'due  date'],
  ['Due Date Start 2 > TODAY()', 'Due Date Start 2 is the label of a field whose name is Start__c.', 'Write Start__c.', 'Due Date Start 2'],
  ['ISBLANK(Account.Due Date)', LABEL, 'Write Account.Due_Date__c.', 'Account.Due Date'],
  ['IF IsClosed THEN 1', 'IF stands without its parentheses.', IF, 'IF'],
  ['if ISPICKVAL(Status, "New") 1', 'IF stands without its parentheses.', IF, 'if'],
  ['NOT(ISBLANK Due_Date__c)', 'ISBLANK stands without its parentheses.', 'Write ISBLANK(value).', 'ISBLANK'],
  ['Month 5', 'An operator is missing before 5.', 'Operators are + - * / ^ & = <> < > <= >= && ||.', '5'],
  ['IF(IsClosed "a", "b")', 'Between IsClosed and "a" a comma or an operator is missing in IF( … ).', IF, '"a"'],
  ['ISPICKVAL(Status "New")', 'Between Status and "New" a comma or an operator is missing in ISPICKVAL( … ).', 'Write ISPICKVAL(picklist, text).', '"New"'],
  ['(Month 5)', 'Between Month and 5 an operator is missing.', 'Operators are + - * / ^ & = <> < > <= >= && ||.', '5'],
  ['Due_Date__c > 2024-01-01', "> can't compare a date with a number.", 'Write DATE(2024, 1, 1).', 'Due_Date__c > 2024-01-01'],
  ['(2024 - 1 - 31) >= Target__c', ">= can't compare a number with a date/time.", 'Write DATETIMEVALUE(DATE(2024, 1, 31)).', '(2024 - 1 - 31) >= Target__c'],
  ['ADDMONTHS(2024/12/31, 1)', 'ADDMONTHS needs a date or a date/time as its first argument (date), not a number.', 'Write DATE(2024, 12, 31).', '2024/12/31'],
  ['IF(IsClosed, Due_Date__c, 2024-01-01)', 'The results of IF must be of one type; here stand a date and a number.', 'Write DATE(2024, 1, 1).', '2024-01-01'],
  ['ISPICKVAL(Subject, "New")', 'ISPICKVAL needs a picklist as its first argument (picklist), not text.', 'Subject is text: write Subject = "…".', 'Subject'],
  ['INCLUDES(LEFT(Subject, 3), "a")', 'INCLUDES needs a multi-select picklist as its first argument (multiselect_picklist), not text.', 'Use CONTAINS(LEFT(Subject, 3), "…").', 'LEFT(Subject, 3)'],
  ['INCLUDES(Status, "New")', 'INCLUDES needs a multi-select picklist as its first argument (multiselect_picklist), not a picklist.', 'Use ISPICKVAL(Status, "…").', 'Status'],
  ['PRIORVALUE(Tags) = "a"', "PRIORVALUE(Tags) is a multi-select picklist and can't stand in =.", 'Use INCLUDES(PRIORVALUE(Tags), "…").', 'PRIORVALUE(Tags)'],
] // prettier-ignore
test.each(cases)('%s', (source, message, hint, place) => {
  expect(messagesOf(source)).toEqual([[message, hint, place]])
})

test('a label of one word, a day as the result', () => {
  expect(messagesOf('ISBLANK(Deadline)')[0]![0]).toBe('No field Deadline on Case. Did you mean Target__c?')
  expect(messagesOf('2024-01-01', { returnType: 'Date' })[0]![1]).toBe('Write DATE(2024, 1, 1).')
})
