/** Runs lines of a business-time vector file against the calendars of this room. */
import { formatInstant } from '#util'
import { OPERATIONS } from './operations.ts'
import { calendarOf, instant, type Row } from './row.ts'

export interface RunResult {
  readonly passed: number
  /** One line each: id, what was asked, what came and what was expected. */
  readonly failed: string[]
  /** Rows that yield to their recommendation, rows that could not be expressed, each with the reason. */
  readonly notes: string[]
}

/** `kind` is `business-time`; blank lines are skipped. A line that is no row fails with its reason. */
export function run(kind: string, lines: readonly string[]): RunResult {
  const result = { passed: 0, failed: [] as string[], notes: [] as string[] }
  if (kind !== 'business-time')
    return { ...result, failed: [`This runner knows business-time vectors, not "${kind}".`] }
  let unknown = 0
  lines.forEach((line, i) => {
    if (line.trim() !== '' && !runLine(line, i + 1, result)) unknown++
  })
  return { ...result, notes: [...result.notes, `${unknown} rows can't be expressed`] }
}

/** False when the row can't be expressed. */
function runLine(line: string, number: number, result: { passed: number; failed: string[]; notes: string[] }): boolean {
  let row: Row
  try {
    row = { id: `line ${number}`, ...(JSON.parse(line) as object) } as Row
  } catch {
    result.failed.push(`line ${number}: not JSON`)
    return true
  }
  if (!Object.hasOwn(OPERATIONS, row.op)) {
    result.notes.push(`${row.id}: not expressed: the operation "${row.op}" is unknown`)
    return false
  }
  const expected = expectationOf(row, result.notes)
  if (expected === UNDECIDED) return true
  const fault = faultOf(row, expected)
  if (fault === undefined) result.passed++
  else result.failed.push(`${row.id} ${row.op}: ${fault.length > LONGEST ? `${fault.slice(0, LONGEST)}…` : fault}`)
  return true
}

/** Characters of a fault that are shown. */
const LONGEST = 1_000

const UNDECIDED = Symbol('undecided')

/** A disputed row yields to what it recommends; without a recommendation it decides nothing. */
function expectationOf(row: Row, notes: string[]): unknown {
  if (row.op === 'noThrow') return 'ok'
  if (!row.disputed) return answerOf(row, row.expectedSeconds, row.expected)
  const recommended = answerOf(row, row.recommendedSeconds, row.recommended)
  const text = typeof row.disputed === 'string' ? row.disputed : 'disputed'
  notes.push(
    `${row.id}: ${recommended === undefined ? 'disputed, decides nothing' : 'yields to its recommendation'}: ${text}`,
  )
  return recommended === undefined ? UNDECIDED : recommended
}

/** Of a `diff` the seconds; its plain number is in minutes. */
const answerOf = (row: Row, seconds: number | undefined, plain: unknown): unknown =>
  row.op !== 'diff' ? plain : (seconds ?? (plain === undefined ? undefined : Number(plain) * 60))

function faultOf(row: Row, expected: unknown): string | undefined {
  try {
    if (typeof row.schedule !== 'object' || row.schedule === null) return 'the row has no schedule'
    const actual = OPERATIONS[row.op]!(row, row.op === 'localToInstant' ? undefined : calendarOf(row))
    return same(row, actual, expected) ? undefined : `got ${show(actual)}, expected ${show(expected)}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function same(row: Row, actual: unknown, expected: unknown): boolean {
  if (actual === undefined) return expected === null || expected === 'never' || expected === 'error'
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) && actual.length === expected.length && expected.every((e, i) => same(row, actual[i], e))
    )
  if (Array.isArray(actual)) return same(row, typeof expected === 'number' ? actual.length : actual[0], expected)
  if (typeof actual !== 'number' || typeof expected !== 'string') return actual === expected
  if (row.dateOnly && /^\d{4}-\d{2}-\d{2}$/.test(expected)) return localDate(row, actual) === expected
  const due = instant(expected)
  return row.dateOnly ? localDate(row, actual) === localDate(row, due) : actual === due
}

const localDate = (row: Row, at: number): string =>
  formatInstant(calendarOf(row)?.instantToLocal(at) ?? at).slice(0, 10)

function show(value: unknown): string {
  if (typeof value === 'number' && Math.abs(value) > 1e10) return formatInstant(value)
  return Array.isArray(value) ? `[${value.map(show).join(', ')}]` : String(value)
}
