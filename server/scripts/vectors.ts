import { createReadStream, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** `npm run vectors -- KIND FILE`: runs a file of test vectors, one JSON object a line, and prints last `N passed, N failed`. */
interface Outcome {
  readonly passed: number
  readonly failed: readonly string[]
  readonly notes: readonly string[]
}
interface Runner {
  run(kind: string, lines: readonly string[]): Outcome | Promise<Outcome>
}

const RUNNERS: { readonly [kind: string]: string } = {
  formula: '../formula/vectors/run.ts',
  'formula-parse': '../formula/vectors/run.ts',
  'business-time': '../business-hours/vectors/run.ts',
  escalation: '../process/vectors/run.ts',
}

async function main(kind: string | undefined, file: string | undefined): Promise<number> {
  const runner = kind === undefined ? undefined : RUNNERS[kind]
  if (!kind || !runner || !file) {
    console.error(`Usage: npm run vectors -- ${Object.keys(RUNNERS).join('|')} FILE`)
    return 2
  }
  const { run } = (await import(runner)) as Runner
  const outcome = await run(kind, await linesOf(file))
  for (const failure of outcome.failed) console.log(failure)
  for (const note of outcome.notes) console.log(note)
  console.log(`${outcome.passed} passed, ${outcome.failed.length} failed`)
  return outcome.failed.length > 0 ? 1 : 0
}

/** `-` reads standard input; `.gz` files are unpacked. */
async function linesOf(file: string): Promise<readonly string[]> {
  const bytes = file === '-' ? await standardInput() : readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text.split('\n').filter((line) => line.trim() !== '')
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream('', { fd: 0 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

process.exitCode = await main(process.argv[2], process.argv[3])
