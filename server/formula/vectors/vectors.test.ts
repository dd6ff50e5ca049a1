import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { formulaProblem, run, type FormulaRow } from './run.ts'

const fileOf = (name: string): Buffer => readFileSync(new URL(name, import.meta.url))
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean)
const rows = linesOf(gunzipSync(fileOf('formula.jsonl.gz')).toString('utf8')).map(
  (line) => JSON.parse(line) as FormulaRow,
)
const problems = (some: readonly FormulaRow[]) => some.map(formulaProblem).filter((problem) => problem !== undefined)

describe('public vectors', () => {
  test('every hard case passes', () => {
    const hard = rows.filter((row) => row.hard)
    expect(hard.length).toBeGreaterThan(7_000)
    expect(problems(hard)).toEqual([])
  })

  test('so does every documented one', () => {
    const documented = rows.filter((row) => row.documentedOnly && !row.hard)
    expect(documented.length).toBeGreaterThan(1_000)
    expect(problems(documented)).toEqual([])
  })

  test('of the others one is refused', () => {
    const others = rows.filter((row) => !row.documentedOnly && !row.hard)
    expect(problems(others)).toEqual([expect.stringContaining('GETSESSIONID')])
  })

  test('own cases', () => {
    const own = linesOf(fileOf('own.jsonl').toString('utf8')).map((line) => JSON.parse(line) as FormulaRow)
    expect(own.length).toBeGreaterThan(300)
    expect(own.filter((row) => !row.source)).toEqual([])
    expect(problems(own)).toEqual([])
  })

  test('a wrong expectation is reported', () => {
    const row = {
      name: 'x',
      formula: '1 + 1',
      returnType: 'Double',
      fields: [],
      data: {},
      nullAsZero: true,
      expected: '3',
    }
    expect(run('formula', [JSON.stringify(row), '', '{}'])).toMatchObject({
      passed: 0,
      failed: [expect.stringContaining('expected "3", got 2'), 'line 3: it has no formula'],
    })
  })

  test('rows of any shape give a sentence each', () => {
    const A = { name: 'A', type: 'Double' }
    const odd = [
      { formula: '1 + 1' },
      { formula: 'A & "x"', fields: [{ name: 'A', type: 'Wobble' }], data: { A: '1' }, expected: '1x', more: [1] },
      { formula: 'A', fields: [null], expected: '1' },
      { formula: 'A', fields: [{ ...A, formula: 'B' }, { name: 'B', type: 'Double', formula: 'A' }], expected: '1' }, // prettier-ignore
      { formula: 'P.A + 1', fields: [A, { name: 'P.B', type: 'Text' }], data: {}, returnType: 'Double', expected: '1' },
      { formula: 'P.C + 1', fields: [A, { name: 'P.B', type: 'Text' }], returnType: 'Error', expected: { error: '' } },
    ].map((row) => JSON.stringify(row))
    expect(run('formula', odd)).toEqual({
      passed: 3,
      failed: [
        'line 1: it says nothing of what is expected',
        'line 3: its fields are not a list of names and types',
        'line 4: the formula field A reads itself',
      ],
      notes: ['others: 3 passed, 3 failed', 'unknown types, taken as text: Wobble'],
    })
  })

  test('syntax trees', () => {
    expect(run('formula-parse', linesOf(fileOf('formula-parse.jsonl').toString('utf8')))).toMatchObject({
      passed: 53,
      failed: [],
    })
  })
})
