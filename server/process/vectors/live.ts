/** Lives a row's events through the engine. Events of one instant are one save. */
import { compileCalendar } from '#business-hours'
import { formatInstant, type Instant, parseInstant, type Row } from '#util'
import { compileIn } from '../compile/compile.ts'
import { step } from '../step/step.ts'
import { Driver } from '../testing.ts'
import { timersOf } from '../timers.ts'
import type { Action, CompiledProcess } from '../types.ts'
import { Inexpressible, type VectorEvent, type VectorRow } from './shapes.ts'
import { hoursOf, isNext, processOf, recurrenceOf, refuseUnknown, targetsOf, TICKET } from './translate.ts'

export interface Lived {
  readonly driver: Driver
  readonly first: Instant
  readonly last: Instant
  /** The state after each instant, for expectations about the way there. */
  readonly states: Driver['state'][]
  /** Ids of actions that went out, whatever crashed in between. */
  readonly sent: Set<string>
  readonly row: VectorRow
}

/** A text is the code of what was refused. */
export function liveRow(row: VectorRow): Lived | string {
  refuseUnknown(row.policy)
  const calendar = compileCalendar(hoursOf(row))
  if (!calendar.calendar)
    return calendar.findings[0]?.code === 'NEVER_OPEN' ? 'EMPTY_CALENDAR' : (calendar.findings[0]?.code ?? 'REFUSED')
  refuseManyWaits(row)
  const process = compiledFor(row)
  if (!process) throw new NothingPromised()
  const driver = new Driver(process, { recurrence: recurrenceOf(row), hours: [hoursOf(row)], organisation: 'Hours' })
  const world: World = {
    row,
    driver,
    process,
    ticket: {},
    history: [],
    sent: new Set(),
    version: 1,
    attached: !row.events.some((e) => e.type === 'attachPolicy'),
    gone: false,
  }
  const states: Driver['state'][] = []
  const instants = spread(row.events)
  for (const [at, events] of instants) {
    if (!world.down) driver.run(at)
    happen(world, at, events)
    states.push(driver.state)
  }
  for (const a of driver.actions) world.sent.add(a.id)
  return { driver, first: instants[0]![0], last: instants.at(-1)![0], states, sent: world.sent, row }
}

/** No target at all: every expectation is "nothing due". */
export class NothingPromised extends Error {}

interface World {
  row: VectorRow
  readonly driver: Driver
  process: CompiledProcess
  ticket: Row
  readonly history: { at: Instant; record: Row }[]
  readonly sent: Set<string>
  version: number
  attached: boolean
  gone: boolean
  down?: boolean
}

function compiledFor(row: VectorRow, version = 1, minutes?: number): CompiledProcess | undefined {
  const document = processOf(row, version, minutes)
  if (!document) return undefined
  const { process, findings } = compileIn(TICKET, document)
  if (!process) throw new Error(findings.map((f) => `${f.path}: ${f.message}`).join(' '))
  return process
}

/** By instant, in the order given; a hold becomes a pause and its end. */
function spread(events: readonly VectorEvent[]): [Instant, VectorEvent[]][] {
  const all = events.flatMap((e): [Instant, VectorEvent][] => {
    const at = parseInstant(e.at)
    if (at === undefined) throw new Inexpressible(`"${e.at}" is not an instant`)
    if (e.type !== 'hold') return [[at, e]]
    return [[at, { ...e, type: 'pause' }], [at + (e.seconds ?? 0) * 1000 + (e.minutes ?? 0) * 60_000, { ...e, type: 'resume' }]] // prettier-ignore
  })
  const byInstant = Map.groupBy(all, ([at]) => at)
  return [...byInstant].sort((a, b) => a[0] - b[0]).map(([at, pairs]) => [at, pairs.map(([, e]) => e)])
}

function happen(w: World, at: Instant, events: readonly VectorEvent[]): void {
  if (w.history.length === 0) create(w, at)
  for (const e of events) change(w, e)
  w.history.push({ at, record: w.ticket })
  if (w.attached && !w.gone && !w.down) save(w, at, {})
  for (const e of events) act(w, at, e)
}

function save(w: World, at: Instant, changes: Row): void {
  w.ticket = { ...w.ticket, ...changes }
  const blind = Object.values(targetsOf(w.row.policy)).some((t) => t['retroactivePause'] === false)
  w.driver.save(at, w.ticket, blind ? {} : { history: w.history })
}

function create(w: World, at: Instant): void {
  const startAt = Object.values(targetsOf(w.row.policy)).find((t) => t.startAt)?.startAt
  w.ticket = {
    CreatedDate: formatInstant(at),
    StartAt: startAt ? formatInstant(parseInstant(startAt)!) : null,
    Started: true,
    Closed: false,
    Answered: false,
    Awaiting: false,
    Reset: false,
    Status: '',
    OwnerId: 'agent',
  }
}

const CLOSING = ['closed', 'resolved', 'completed', 'done']

/** What an event changes on the record. */
function change(w: World, e: VectorEvent): void {
  const set = (changes: Row): void => void (w.ticket = { ...w.ticket, ...changes })
  const { policy } = w.row
  if (e.type === 'create' || e.type === 'status') {
    const status = String(e.status ?? e.to ?? w.ticket['Status'] ?? '')
    const closing =
      [...(policy.resolvedStatuses ?? []), ...(policy.fulfilledStatuses ?? [])].includes(status) ||
      CLOSING.includes(status.toLowerCase())
    set({
      Status: status,
      Closed: closing,
      ...(e.type === 'status' && policy.firstResponseOn && status !== 'Open' && { Answered: true }),
    })
    if (e.priority !== undefined) setField(w, 'priority', e.priority)
  } else if (e.type === 'close' || e.type === 'resolve') set({ Closed: true, Status: 'closed' })
  else if (e.type === 'reopen') set({ Closed: false, Status: String(e.to ?? 'open') })
  else if (e.type === 'customerMessage')
    set({ Awaiting: true, ...(e.reopensTo && { Status: e.reopensTo, Closed: false }) })
  else if (e.type === 'agentMessage') set({ Awaiting: false, Answered: true })
  else if (e.type === 'firstResponse') set({ Answered: true })
  else if (e.type === 'fieldChange') setField(w, e.field!, e.to)
  else if (e.type === 'complete') set({ Started: false })
  else if (e.type === 'start') set({ Started: true })
  else if (e.type === 'attachPolicy') w.attached = true
}

function setField(w: World, field: string, value: unknown): void {
  const resets = Object.values(targetsOf(w.row.policy)).some((t) => t.resetOn?.field === field)
  w.ticket = {
    ...w.ticket,
    ...(field === 'priority' && { Priority: String(value) }),
    ...(resets && { Reset: true }),
    ...(w.row.policy.appliesWhen?.field === field && { Applies: String(value) }),
  }
}

const QUIET = ['create', 'status', 'close', 'resolve', 'reopen', 'customerMessage', 'agentMessage', 'firstResponse', 'fieldChange', 'start', 'attachPolicy', 'now', 'evaluate'] // prettier-ignore

/** What an event does beside changing the record. */
function act(w: World, at: Instant, e: VectorEvent): void {
  const d = w.driver
  if (QUIET.includes(e.type)) {
    if (w.ticket['Reset']) save(w, at, { Reset: false })
  } else if (e.type === 'complete') completeAll(w, at)
  else if (e.type === 'pause') d.hand(at, { kind: 'pause', reason: 'on hold' })
  else if (e.type === 'resume') d.hand(at, { kind: 'resume' })
  else if (e.type === 'policyChange') migrate(w, at, e.minutes!)
  else if (e.type === 'policyDisabled') {
    w.gone = true
    d.hand(at, { kind: 'detach', reason: 'process deactivated' })
  } else if (e.type === 'calendarChange') changeCalendar(w, at, e)
  else if (e.type === 'timerClaimed' || e.type === 'actionRuns') d.look(at)
  else if (e.type === 'crashBetweenActionAndMark') crash(w)
  else if (e.type === 'restart' || e.type === 'up') wake(w, at)
  else if (e.type === 'down') w.down = true
  else throw new Inexpressible(`the event "${e.type}" is not in the vocabulary`)
}

function completeAll(w: World, at: Instant): void {
  for (const i of w.driver.state.instances.filter((i) => !i.completion && !i.cancelled && i.start <= at))
    w.driver.hand(at, { kind: 'complete', instance: i.key })
}

function migrate(w: World, at: Instant, minutes: number): void {
  w.process = compiledFor(w.row, ++w.version, minutes)!
  w.driver.use(w.process)
  w.driver.migrate(at, 'raise')
}

function changeCalendar(w: World, at: Instant, e: VectorEvent): void {
  const { calendar } = w.row.policy
  const holidays = [...(calendar.holidays ?? []), ...(e.addHoliday ? [e.addHoliday] : [])]
  const changed = {
    ...calendar,
    holidays: holidays.filter((h) => h !== e.removeHoliday),
    ...(e.hours && { hours: e.hours }),
  }
  if (!e.addHoliday && !e.removeHoliday && !e.hours)
    throw new Inexpressible('a calendar change that names neither a holiday nor hours')
  w.row = { ...w.row, policy: { ...w.row.policy, calendar: changed } }
  w.driver.addHours(hoursOf(w.row))
  w.driver.look(at)
}

/** The actions of the next timer go out, the state that knows of them is lost. */
function crash(w: World): void {
  const next = timersOf(w.driver.rules, w.driver.state)[0]
  if (!next) return
  const { actions } = step(w.driver.rules, w.driver.state, { kind: 'wake', at: next.at, cause: { kind: 'timer' } })
  for (const a of actions as readonly Action[]) w.sent.add(a.id)
  w.down = true
}

function wake(w: World, at: Instant): void {
  w.down = false
  w.driver.look(at)
}

/** One miss for each message of a waiting customer needs several open instances of one milestone. */
function refuseManyWaits(row: VectorRow): void {
  const counts = Object.entries(targetsOf(row.policy)).some(([name, t]) => isNext(name, t) && t.start === undefined)
  if (!counts) return
  let waiting = false
  for (const e of row.events.toSorted((a, b) => a.at.localeCompare(b.at))) {
    if (e.type === 'customerMessage' && waiting)
      throw new Inexpressible(
        'a miss for each message of one unanswered run: at most one instance of a milestone is open',
      )
    if (e.type === 'customerMessage') waiting = true
    if (e.type === 'agentMessage' || e.type === 'firstResponse') waiting = false
  }
}
