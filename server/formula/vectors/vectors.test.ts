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

  test('of the documented rest only the known ones differ', () => {
    const documented = rows.filter((row) => row.documentedOnly && !row.hard)
    expect(problems(documented)).toHaveLength(10)
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
    expect(run('formula', [JSON.stringify(row), 'no json'])).toMatchObject({
      passed: 0,
      failed: [expect.stringContaining('expected "3", got 2'), expect.stringContaining('threw')],
    })
  })

  test('syntax trees', () => {
    expect(run('formula-parse', linesOf(fileOf('formula-parse.jsonl').toString('utf8')))).toMatchObject({
      passed: 53,
      failed: [],
    })
  })
})
