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
  expect(notes.map((n) => n.slice(0, 7))).toEqual(['bt-0289', 'bt-0293', 'bt-0499'])
})

test('a wrong expectation, a line that is no JSON and an unknown kind fail; an unknown operation is noted', () => {
  const row = JSON.parse(lines[0]!) as object
  const wrong = JSON.stringify({ ...row, expected: '2001-01-01T00:00:00Z' })
  const strange = JSON.stringify({ ...row, op: 'dance' })
  const { passed, failed, notes } = run('business-time', [wrong, '{', strange, ''])
  expect([passed, failed.length, notes.length]).toEqual([0, 2, 1])
  expect(run('formula', lines).failed).toHaveLength(1)
})
