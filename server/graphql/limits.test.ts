import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIMITS } from './limits.ts'

test('the table of limits says what holds, in the same order', () => {
  const [, section] = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').split('## Limits')
  const written = [...section!.split('\n## ')[0]!.matchAll(/^\| .*\| ([\d,]+) +\|$/gm)].map(([, number]) => number)
  const numbers = Object.values<number | object>(LIMITS).flatMap((limit) =>
    typeof limit === 'number' ? [limit] : (Object.values(limit) as number[]),
  )
  expect(written).toEqual(numbers.map((number) => number.toLocaleString('en-US')))
})
