import { createReadStream, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** `npm run vectors -- KIND FILE`: runs a file of test vectors, one JSON object a line, and prints last `N passed, N failed`. A line that is no JSON object fails. */
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
  const runner = kind !== undefined && Object.hasOwn(RUNNERS, kind) ? RUNNERS[kind] : undefined
  if (!kind || !runner || !file) {
    console.error(`Usage: npm run vectors -- ${Object.keys(RUNNERS).join('|')} FILE`)
    return 2
  }
  const { run } = (await import(runner)) as Runner
  const lines = await linesOf(file)
  const broken = lines.flatMap((line, i) =>
    line !== '' && !isObject(line) ? [`line ${i + 1}: not a JSON object`] : [],
  )
  const outcome = await run(kind, lines.map((line) => (isObject(line) ? line : ''))) // prettier-ignore
  const failed = [...broken, ...outcome.failed]
  for (const line of [...failed, ...outcome.notes]) console.log(line)
  console.log(`${outcome.passed} passed, ${failed.length} failed`)
  return failed.length > 0 ? 1 : 0
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** `-` reads standard input; `.gz` files are unpacked. Blank lines stay, so that the others keep their numbers. */
async function linesOf(file: string): Promise<readonly string[]> {
  const bytes = file === '-' ? await standardInput() : readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text.replace(/^\uFEFF/, '').split('\n').map((line) => line.trim()) // prettier-ignore
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream('', { fd: 0 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const [kind, file] = process.argv.slice(2)
process.exitCode = await main(kind, file).catch((error: unknown) => {
  console.error(`${file} can't be run: ${error instanceof Error ? error.message : String(error)}`)
  console.log('0 passed, 0 failed')
  return 2
})
