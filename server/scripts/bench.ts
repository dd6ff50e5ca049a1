// Runs every room's bench in one process and keeps the figures with date and machine: npm run bench [-- room …] [--write]
import { globSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

interface Measure {
  readonly name: string
  readonly value?: number
  readonly unit?: string
  readonly ratio?: number
  readonly against?: string
}

const server = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const results: { room: string; measures: readonly Measure[] }[] = []

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
  results.push({ room, measures })
  for (const measure of measures) console.log(`  ${describe(measure)}`)
}

if (process.argv.includes('--write')) {
  const report = { date: new Date().toISOString().slice(0, 10), machine: machine(), results }
  const target = join(server, 'bench-results.json')
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`\nWritten to ${relative(process.cwd(), target)}`)
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
}

function describe({ name, value, unit, ratio, against }: Measure): string {
  const figure = value === undefined ? '' : `${value} ${unit ?? ''}`.trim()
  const compared = ratio === undefined ? '' : `${figure ? ', ' : ''}${ratio} times${against ? ` ${against}` : ''}`
  return `${name}: ${figure}${compared}`
}
