/** server/bench-results.json: what was measured last, with date and machine. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join, relative } from 'node:path'

const TARGET = join(import.meta.dirname, '../bench-results.json')

/** Keeps what the change leaves out; says where it was written. */
export function keepResults<T extends object>(change: (before: T) => Partial<T>): void {
  const before = JSON.parse(readFileSync(TARGET, 'utf8')) as T
  writeFileSync(TARGET, `${JSON.stringify({ ...before, ...change(before) }, null, 2)}\n`)
  console.log(`\nWritten to ${relative(process.cwd(), TARGET)}`)
}

export const today = (): string => new Date().toISOString().slice(0, 10)

export const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
