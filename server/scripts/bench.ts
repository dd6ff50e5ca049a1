// Runs every room's bench in one process and keeps the figures with date and machine: npm run bench [-- room …] [--write]
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { keepResults, machine, today } from './bench-results.ts'

interface Measure {
  readonly name: string
  readonly value?: number
  readonly unit?: string
  readonly ratio?: number
  readonly against?: string
}

interface Result {
  readonly room: string
  readonly date: string
  readonly measures: readonly Measure[]
}

const server = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const results: Result[] = []
const date = today()

for (const file of globSync('**/bench.ts', { cwd: server })
  .filter((f) => !f.startsWith('scripts'))
  .sort()) {
  const room = dirname(file)
  if (wanted.length && !wanted.some((word) => `${room}/`.startsWith(`${word}/`))) continue
  console.log(`\n${room}`)
  const { bench } = (await import(pathToFileURL(join(server, file)).href)) as {
    bench: () => Promise<readonly Measure[]>
  }
  const measures = await bench()
  results.push({ room, date, measures })
  for (const measure of measures) console.log(`  ${describe(measure)}`)
}

if (process.argv.includes('--write'))
  keepResults<{ machine: string; results: readonly Result[] }>((before) => ({ machine: machine(), results: merged(before.results) })) // prettier-ignore

/** Rooms that were not measured now keep what was written before. */
function merged(before: readonly Result[]): Result[] {
  const now = new Set(results.map(({ room }) => room))
  return [...before.filter(({ room }) => !now.has(room)), ...results].sort((a, b) => (a.room < b.room ? -1 : 1))
}

function describe({ name, value, unit, ratio, against }: Measure): string {
  const figure = value === undefined ? '' : `${value} ${unit ?? ''}`.trim()
  const compared = ratio === undefined ? '' : `${figure ? ', ' : ''}${ratio} times${against ? ` ${against}` : ''}`
  return `${name}: ${figure}${compared}`
}
