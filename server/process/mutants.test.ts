import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'

describe('hand-made bugs', () => {
  it('are at least thirty, each with its own name', () => {
    expect(new Set(MUTANTS.map((m) => m.bug)).size).toBe(MUTANTS.length)
    expect(MUTANTS.length).toBeGreaterThanOrEqual(30)
  })
  it('each still has exactly one place in the source', () => {
    const lost = MUTANTS.filter(
      (m) => readFileSync(new URL(m.file, import.meta.url), 'utf8').split(m.find).length !== 2,
    )
    expect(lost.map((m) => m.bug)).toEqual([])
  })
})
