import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from './run.ts'

const lines = readFileSync(new URL('business-time.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)

test('every row of other suites holds, disputed ones as recommended', () => {
  const { passed, failed, notes } = run('business-time', lines)
  expect(failed).toEqual([])
  expect(passed).toBe(438)
  expect(notes.map((n) => n.slice(0, 7))).toEqual(['bt-0289', 'bt-0293', 'bt-0499', '0 rows '])
})

test('a wrong expectation, a line that is no JSON and an unknown kind fail; an unknown operation is noted', () => {
  const row = JSON.parse(lines[0]!) as object
  const wrong = JSON.stringify({ ...row, expected: '2001-01-01T00:00:00Z' })
  const strange = JSON.stringify({ ...row, op: 'dance' })
  const { passed, failed, notes } = run('business-time', [wrong, '{', strange, ''])
  expect([passed, failed.length, notes.at(-1)]).toEqual([0, 2, "1 rows can't be expressed"])
  expect(run('formula', lines).failed).toHaveLength(1)
})

test('rows that are cut short or nonsense fail with a reason of one line; names of every object are no operations', () => {
  const row = JSON.parse(lines[0]!) as object
  const odd = [{ ...row, schedule: null }, { ...row, id: undefined, from: 7 }, { ...row, op: 'periods', limit: 1e9, from: '2026-01-05T14:00:00Z', expected: [] }] // prettier-ignore
  const strange = ['constructor', '__proto__', undefined].map((op) => ({ ...row, op }))
  const { passed, failed, notes } = run(
    'business-time',
    [...odd, ...strange].map((r) => JSON.stringify(r)),
  )
  expect([passed, failed.length, notes.at(-1)]).toEqual([0, 3, "3 rows can't be expressed"])
  expect(failed[0]).toMatch(/has no schedule/)
  expect(failed[1]).toMatch(/^line 2 /)
  expect(Math.max(...failed.map((f) => f.length))).toBeLessThan(1_200)
})

test('words that the rows at hand do not use', () => {
  const hours = { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']], thu: [['09:00', '17:00']] }
  const row = { id: 'x', source: '', schedule: { tz: 'America/New_York', hours, holidays: ['2026-01-13'] } }
  const dates = { ...row, op: 'businessDates' }
  const rows = [
    { ...dates, from: '2026-01-05', limit: 3, expected: ['2026-01-05', '2026-01-06', '2026-01-08'] },
    { ...dates, from: '2026-01-05T22:00:00Z', limit: 1, expected: ['2026-01-06'] },
    { ...dates, from: '2026-01-12', direction: 'before', limit: 2, expected: ['2026-01-12', '2026-01-08'] },
    { ...dates, from: '2026-01-12T14:00:00Z', direction: 'before', limit: 1, expected: '2026-01-08' },
    { ...dates, from: '2026-01-05', to: '2026-01-15', expected: 4 },
    { ...row, op: 'isBusinessDay', from: '2026-01-09T02:00:00Z', expected: true },
    { ...row, op: 'diff', from: '2026-01-05T14:00:00Z', to: '2026-01-05T15:00:00Z', disputed: 'x', recommended: 60 },
    { ...row, op: 'isWithin', from: '2026-01-05T14:00:00Z', expected: true, disputed: false },
    { ...row, op: 'addDays', from: '2026-01-05T14:00:00Z', amountDays: 1, dateOnly: true, expected: '2026-01-06' },
  ]
  const { failed } = run('business-time', rows.map((r) => JSON.stringify(r))) // prettier-ignore
  expect(failed).toEqual([])
})
