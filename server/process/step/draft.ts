/** The state while one event is worked into it, with what it decided on the way. Only this folder changes it. */
import type { Finding, Instant } from '#util'
import type {
  Action,
  CompiledItem,
  CompiledProcess,
  Decision,
  Event,
  Instance,
  Observation,
  ProcessCalendar,
  Rules,
  State,
} from '../types.ts'

export interface Draft {
  readonly rules: Rules
  readonly event: Event
  readonly state: State
  readonly decisions: Decision[]
  readonly actions: Action[]
  readonly findings: Finding[]
  /** Instances completed by a rule in this event: the exit that follows in the same event may be undone with them. */
  readonly completedNow: Set<string>
  /** What fired first in this event of each repeating step that collapses, by instance and step. */
  readonly firings: Map<string, readonly { missed?: number }[]>
  /** The process or its version changed in this event. */
  switched: boolean
}

export function initialState(record: string): State {
  return {
    v: 1, record, seq: 0, at: 0, process: null, phase: 'none', run: 0, start: null, exit: null, exitSeq: null,
    signals: [], instances: [], eligible: {}, floor: {}, declined: [], heldBack: [], last: null,
  } // prettier-ignore
}

export function draftOf(rules: Rules, state: State, event: Event): Draft {
  const copy: State = {
    ...state,
    signals: state.signals.map((p) => ({ ...p })),
    instances: state.instances.map((i) => (isOpen(i) || i.exitSeq !== null || touches(event, i) ? copyInstance(i) : i)),
    eligible: { ...state.eligible },
    floor: { ...state.floor },
    declined: [...state.declined],
    heldBack: [...state.heldBack],
  }
  return {
    rules,
    event,
    state: copy,
    decisions: [],
    actions: [],
    findings: [],
    completedNow: new Set(),
    firings: new Map(),
    switched: false,
  }
}

const touches = (event: Event, instance: Instance): boolean => 'instance' in event && event.instance === instance.key

function copyInstance(instance: Instance): Instance {
  return {
    ...instance,
    pauses: instance.pauses.map((p) => ({ ...p })),
    violations: instance.violations.map((v) => ({ ...v })),
    steps: { ...instance.steps },
  }
}

export const isOpen = (instance: Instance): boolean => instance.completion === null && instance.cancelled === null

/** The process that governs now. */
export const processOf = (d: Draft): CompiledProcess | undefined =>
  d.state.process === null ? undefined : d.rules.process(d.state.process)

/** The item that governs an instance, in the version that set its target. */
export const itemOf = (rules: Rules, instance: Instance): CompiledItem | undefined =>
  rules.process(instance.version)?.items.get(instance.item)

export const calendarOf = (rules: Rules, instance: Instance): ProcessCalendar | undefined =>
  instance.hours === null ? undefined : rules.calendar(instance.hours.version)

export const openOf = (state: State, milestone: string): Instance | undefined =>
  state.instances.find((i) => i.run === state.run && i.milestone === milestone && isOpen(i))

export const openInstances = (state: State): Instance[] => state.instances.filter(isOpen)

export function decide(
  d: Draft,
  at: Instant,
  what: Decision['what'],
  more: Omit<Decision, 'at' | 'what'> = {},
): Decision {
  const decision = { what, at, ...more }
  d.decisions.push(decision)
  return decision
}

export function refuse(d: Draft, code: string, message: string, hint?: string): void {
  d.findings.push({ code, severity: 'error', message, hint })
}

/** The first item in order whose criteria hold; undefined = none; 'unknown' when an earlier one could not be evaluated. */
export function applicable(
  process: CompiledProcess,
  observation: Observation,
  milestone: string,
): CompiledItem | 'unknown' | undefined {
  if (stuckItem(process, observation, milestone)) return 'unknown'
  return itemsOf(process, milestone).find((item) => observation.items[item.document.name]?.when)
}

/** The item that could not be evaluated and comes before any whose criteria hold. */
export function stuckItem(
  process: CompiledProcess,
  observation: Observation,
  milestone: string,
): CompiledItem | undefined {
  const seen = (item: CompiledItem) => observation.items[item.document.name]
  const decisive = itemsOf(process, milestone).find((item) => seen(item)?.error !== undefined || seen(item)?.when)
  return decisive && seen(decisive)!.error !== undefined ? decisive : undefined
}

const itemsOf = (process: CompiledProcess, milestone: string): CompiledItem[] =>
  [...process.items.values()].filter((item) => item.document.milestone === milestone)
