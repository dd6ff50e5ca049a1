/** For tests, vectors and benches: a small object, a process on it, and a driver that feeds rows and hand events through observe and step. Not exported from the room. */
import { compileCalendar, type BusinessHoursDefinition } from '#business-hours'
import { compile, scopeOf, type PlainField } from '#formula'
import type { EntitlementProcessDocument } from '#metadata'
import { formatFinding, type Instant, parseInstant, type Row } from '#util'
import { compileIn } from './compile/compile.ts'
import type { Environment } from './compile/environment.ts'
import type { ProcessContext } from './observe/context.ts'
import { observe } from './observe/observe.ts'
import { observeRelated } from './observe/related.ts'
import { initialState } from './step/draft.ts'
import { step } from './step/step.ts'
import { timersOf } from './timers.ts'
import type { Action, CompiledProcess, Event, Log, Recurrence, Rules, State, StepResult } from './types.ts'

export const T0 = parseInstant('2026-01-05T09:00:00Z')!
const ALWAYS: BusinessHoursDefinition = { name: '24x7', timeZone: 'UTC', always: true }
const day = [['09:00', '17:00']] as const
const OFFICE: BusinessHoursDefinition = {
  name: 'Office',
  timeZone: 'UTC',
  hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
}

const FIELDS: readonly PlainField[] = [
  { path: 'Priority', type: 'Picklist', picklistValues: ['High', 'Medium', 'Low'] },
  { path: 'Status', type: 'Picklist', picklistValues: ['New', 'Working', 'Waiting', 'Closed'] },
  { path: 'Flag', type: 'Boolean' },
  { path: 'Done', type: 'Boolean' },
  { path: 'Amount', type: 'Number', scale: 2 },
  { path: 'Due', type: 'DateTime' },
  { path: 'Day', type: 'Date' },
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'OwnerId', type: 'Text' },
  { path: 'Zone', label: 'Customer zone', type: 'Text' },
  { path: '$User.Department', type: 'Text' },
  { path: 'Account.Tier', type: 'Text' },
]
const RELATED: readonly PlainField[] = [
  { path: 'Incoming', type: 'Boolean' },
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'ParentId', type: 'Text' },
  { path: 'Id', type: 'Text' },
]

const thing = scopeOf('Thing', FIELDS)
export const ENVIRONMENT: Environment = {
  scope: (object) => (object === 'Thing' ? thing : object === 'Mail' ? scopeOf('Mail', RELATED) : undefined),
  closedWhen: (object) =>
    object === 'Thing'
      ? compile('ISPICKVAL(Status, "Closed")', { scope: thing, returnType: 'Boolean' }).formula
      : undefined,
  enabled: () => true,
  action: (name) => (name === 'Missing' ? undefined : { object: 'Thing' }),
  references: (object, field) => (object === 'Mail' && field === 'ParentId' ? ['Thing'] : undefined),
  initial: (_, field) =>
    field === 'Priority' || field === 'CreatedDate' ? undefined : field === 'Status' ? 'New' : null,
}

export type Draught = Partial<EntitlementProcessDocument> & Pick<EntitlementProcessDocument, 'milestones'>

export function documentOf(part: Draught): EntitlementProcessDocument {
  const process = part.process ?? 'Care'
  const version = part.version ?? 1
  return {
    kind: 'EntitlementProcess',
    name: `${process}_v${version}`,
    process,
    version,
    label: process,
    object: 'Thing',
    status: 'active',
    ...part,
  }
}

export function compiled(part: Draught): CompiledProcess {
  const { process, findings } = compileIn(ENVIRONMENT, documentOf(part))
  if (!process) throw new Error(findings.map(formatFinding).join('\n'))
  return process
}

export interface World {
  readonly hours?: readonly BusinessHoursDefinition[]
  readonly organisation?: string
  readonly recurrence?: { readonly [milestone: string]: Recurrence }
}

/** One record and its process, driven by hand. */
export class Driver {
  readonly processes = new Map<string, CompiledProcess>()
  readonly calendars = new Map<string, ReturnType<ProcessContext['calendar']>>()
  readonly byVersion = new Map<string, NonNullable<ReturnType<Rules['calendar']>>>()
  readonly events: Event[] = []
  readonly actions: Action[] = []
  readonly logs: Log[] = []
  state: State = initialState('rec')
  row: Row = {}
  process: CompiledProcess
  world: World
  readonly rules: Rules = { process: (v) => this.processes.get(v), calendar: (v) => this.byVersion.get(v) }

  constructor(process: CompiledProcess, world: World = {}) {
    this.process = process
    this.world = world
    this.processes.set(process.name, process)
    for (const hours of [ALWAYS, OFFICE, ...(world.hours ?? [])]) this.addHours(hours)
  }

  addHours(definition: BusinessHoursDefinition): void {
    const { calendar, findings } = compileCalendar(definition)
    if (!calendar) throw new Error(findings.map((f) => f.code).join())
    this.byVersion.set(calendar.version, calendar)
    this.calendars.set(definition.name, { id: `id-${definition.name}`, calendar })
  }

  use(process: CompiledProcess): void {
    this.process = process
    this.processes.set(process.name, process)
  }

  context(now: Instant, more: Partial<ProcessContext> = {}): ProcessContext {
    const recurrence = this.world.recurrence ?? {}
    return {
      now,
      timeZone: 'UTC',
      milestone: (name) => ({ id: `id-${name}`, recurrence: recurrence[name] ?? 'None' }),
      calendar: (name) => this.calendars.get(name),
      organisationHours: this.world.organisation ?? '24x7',
      ...more,
    }
  }

  apply(event: Event): StepResult {
    const result = step(this.rules, this.state, event)
    this.state = result.state
    this.actions.push(...result.actions)
    if (result.log) {
      this.events.push(event)
      this.logs.push(result.log)
    }
    return result
  }

  /** Saves the record with these changes and evaluates. */
  save(at: Instant, changes: Row = {}, more: Partial<ProcessContext> = {}): StepResult {
    const prior = this.events.length === 0 && Object.keys(this.row).length === 0 ? undefined : this.row
    this.row = { ...this.row, ...changes }
    const observation = observe(this.process, this.state, this.row, prior, this.context(at, more))
    return this.apply({ kind: 'evaluate', at, cause: { kind: 'save' }, observation })
  }

  /** Looks at the record at an instant without changing it. */
  look(at: Instant): StepResult {
    const attached = this.state.process !== null
    const observation = attached ? observe(this.process, this.state, this.row, this.row, this.context(at)) : undefined
    return this.apply({ kind: 'wake', at, cause: { kind: 'timer' }, observation })
  }

  /** Wakes at every timer up to and with `until`. */
  run(until: Instant): void {
    for (let n = 0; n < 10_000; n++) {
      const next = timersOf(this.rules, this.state)[0]
      if (!next || next.at > until) return
      this.look(next.at)
    }
    throw new Error('Timers do not end.')
  }

  /** Moves the record to the process that `use` gave. */
  migrate(at: Instant, late: 'skip' | 'raise'): StepResult {
    const observation = observe(this.process, this.state, this.row, this.row, this.context(at))
    return this.apply({ kind: 'migrate', late, at, cause: { kind: 'migration' }, observation })
  }

  /** Saves a related record; `prior`: what it was before. */
  related(at: Instant, object: string, row: Row, prior?: Row): StepResult {
    const { matches } = observeRelated(this.process, object, row, prior, { now: at, timeZone: 'UTC' })
    return this.apply({ kind: 'related', at, cause: { kind: 'related' }, matches })
  }

  hand(
    at: Instant,
    event: Event extends infer E ? (E extends Event ? Omit<E, 'at' | 'cause'> : never) : never,
  ): StepResult {
    const starting = event.kind === 'start' && this.state.process !== null ? event.milestone : undefined
    const observation =
      starting && observe(this.process, this.state, this.row, this.row, this.context(at, { starting }))
    return this.apply({
      ...event,
      at,
      cause: { kind: 'hand', userId: 'U1' },
      ...(observation && { observation }),
    } as Event)
  }
}

export const minute = (n: number): Instant => T0 + n * 60_000
