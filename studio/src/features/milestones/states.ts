/** SPEC's one list of states, in words and as `MilestoneStatus` of a record. */
export type MilestoneState =
  'Not started' | 'Running' | 'Warning' | 'Overdue' | 'Paused' | 'Met' | 'Met late' | 'Cancelled' | 'Not evaluated'
export type Tone = 'grey' | 'blue' | 'amber' | 'red' | 'violet' | 'green'

export const STATE_TONES: { readonly [state in MilestoneState]: Tone } = {
  'Not started': 'grey',
  Running: 'blue',
  Warning: 'amber',
  Overdue: 'red',
  Paused: 'violet',
  Met: 'green',
  'Met late': 'amber',
  Cancelled: 'grey',
  'Not evaluated': 'amber',
}

export const STATUS_TONES: { readonly [status: string]: Tone } = {
  Compliant: 'green',
  'At Risk': 'amber',
  'Open Violation': 'red',
  'Closed Violation': 'grey',
  'Not evaluated': 'amber',
}

export interface Milestone {
  readonly Id: string
  readonly Name: string
  readonly Status: string
  readonly StartDate: string | null
  readonly TargetDate: string | null
  readonly CompletionDate: string | null
  readonly IsViolated: boolean
  readonly Cycle?: number | null
  readonly Run?: number | null
  readonly TargetMinutes?: number | string | null
  readonly ElapsedMinutes?: number | string | null
  readonly IsTargetManual?: boolean | null
  readonly TargetReason?: string | null
  readonly TargetMovesWithPauses?: boolean | null
  readonly CancelReason?: string | null
  readonly PausedSince?: string | null
  readonly PauseReason?: string | null
  /** The pauses that have not ended. */
  readonly Pauses?: { readonly nodes: readonly { readonly Source: string }[] } | null
  readonly AgreementType?: string | null
  readonly Process?: string | null
  readonly BusinessHours?: { readonly Id: string; readonly Name: string } | null
}

const asState = (status: string): MilestoneState => (status in STATE_TONES ? (status as MilestoneState) : 'Running')

/** The server's word, except that a running clock that has passed its target is overdue at that very moment, before the server's event arrives. */
export function stateOf(milestone: Pick<Milestone, 'Status' | 'TargetDate'>, now: number): MilestoneState {
  const state = asState(milestone.Status)
  const target = milestone.TargetDate ? Date.parse(milestone.TargetDate) : Number.NaN
  return (state === 'Running' || state === 'Warning') && target < now ? 'Overdue' : state
}

export const isOpen = (state: MilestoneState): boolean => ['Running', 'Warning', 'Overdue', 'Paused'].includes(state)
export const canComplete = (state: MilestoneState): boolean => isOpen(state)

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const
const LONG = { d: 'day', h: 'hour', m: 'minute', s: 'second' }

/** At most two units, the larger first: `2d 4h`, `3h 12m`, `12m 05s`, `45s`. */
export function twoUnits(ms: number): string {
  return partsOf(ms)
    .map(([n, unit], i) => `${i > 0 && unit !== 'h' ? String(n).padStart(2, '0') : n}${unit}`)
    .join(' ')
}

/** The same for a screen reader: `3 hours 12 minutes`. */
export const twoUnitsInWords = (ms: number): string =>
  partsOf(ms)
    .map(([n, unit]) => `${n} ${LONG[unit]}${n === 1 ? '' : 's'}`)
    .join(' ')

function partsOf(ms: number): readonly (readonly [number, 'd' | 'h' | 'm' | 's'])[] {
  const left = Math.floor(Math.abs(ms) / 1000) * 1000
  const first = UNITS.findIndex(([, size]) => left >= size)
  if (first < 0) return [[0, 's']]
  const [unit, size] = UNITS[first]!
  const next = UNITS[first + 1]
  const head = [Math.floor(left / size), unit] as const
  return next ? [head, [Math.floor((left % size) / next[1]), next[0]]] : [head]
}

/** How much of the way from start to target has gone, 0–1; for a paused clock the moment it stopped counts. */
export function progressOf(milestone: Milestone, now: number): number {
  const start = Date.parse(milestone.StartDate ?? '')
  const target = Date.parse(milestone.TargetDate ?? '')
  if (!(target > start)) return 0
  const until = Date.parse(milestone.CompletionDate ?? milestone.PausedSince ?? '') || now
  return Math.min(1, Math.max(0, (until - start) / (target - start)))
}
