/** Runs any file of the escalation format. */
import { check } from './expect.ts'
import { type Lived, liveRow, NothingPromised } from './live.ts'
import { Inexpressible, type VectorRow } from './shapes.ts'
import { targetsOf } from './translate.ts'

interface VectorResult {
  readonly passed: number
  readonly failed: string[]
  /** Rows that can't be expressed, each with its reason, and how many they are. */
  readonly notes: string[]
}

export function run(_kind: string, lines: readonly string[]): VectorResult {
  const failed: string[] = []
  const notes: string[] = []
  let passed = 0
  for (const [n, line] of lines.entries()) {
    if (line.trim() === '') continue
    const row = { id: `line ${n + 1}`, name: '', ...(JSON.parse(line) as object) } as VectorRow
    const outcome = missing(row) ?? judge(row)
    if (outcome === undefined) passed++
    else if (outcome instanceof Inexpressible) notes.push(`${row.id} can't be expressed: ${outcome.message}`)
    else failed.push(`${row.id} ${row.name}: ${outcome}`)
  }
  return { passed, failed, notes: [...notes, `${notes.length} rows can't be expressed`] }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a row must have to be lived at all. */
function missing({ policy, events, expected }: VectorRow): string | undefined {
  if (!isObject(policy) || !isObject(policy.calendar)) return 'the row has no policy with a calendar'
  if (!Object.values(policy.targets ?? {}).every(isObject)) return 'a target is not an object'
  if (!Array.isArray(events) || events.length === 0 || !events.every(isObject)) return 'the row has no events'
  return isObject(expected) ? undefined : 'the row expects nothing'
}

/** Undefined: as expected. */
function judge(row: VectorRow): string | Inexpressible | undefined {
  try {
    if (row.disputed && !row.recommended)
      return new Inexpressible(`disputed, yields: ${String(row['conflictsWith' as keyof VectorRow] ?? row.disputed)}`)
    const expected = typeof row.recommended === 'object' ? row.recommended : row.expected
    const lived = tryLive(row)
    if (typeof lived === 'string') return expected['error'] === lived ? undefined : `refused with ${lived}`
    if (lived === undefined) return Object.values(expected).every((v) => v === null) ? undefined : 'nothing is promised'
    refuseMovedDays(lived)
    return check(lived, expected).join('; ') || undefined
  } catch (error) {
    return error instanceof Inexpressible ? error : `threw ${String(error)}`
  }
}

/** Products count the days anew after a pause; here a date moves by the open time that was paused. */
function refuseMovedDays(lived: Lived): void {
  const ends = Object.entries(targetsOf(lived.row.policy)).filter(([, t]) => t.endOfWorkingDay).map(([name]) => name) // prettier-ignore
  if (lived.driver.state.instances.some((i) => ends.includes(i.milestone) && i.pauses.length > 0))
    throw new Inexpressible('the end of a working day, moved by a pause')
}

function tryLive(row: VectorRow): Lived | string | undefined {
  try {
    return liveRow(row)
  } catch (error) {
    if (error instanceof NothingPromised) return undefined
    throw error
  }
}
