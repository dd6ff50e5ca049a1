/** Random processes and histories for the property tests: small fields, awkward times, every kind of event. */
import * as fc from 'fast-check'
import type { CompletionRule, MilestoneItem, PauseRule, Target, ViolationStep, WarningStep } from '#metadata'
import { formatInstant, type Row } from '#util'
import { compiled, Driver, type Draught, T0 } from './testing.ts'
import type { Recurrence } from './types.ts'

export type Op =
  | { readonly op: 'save'; readonly changes: Row }
  | { readonly op: 'look' | 'pauseAll' | 'resumeAll' | 'pauseOne' | 'resumeOne' | 'complete' | 'backdate' | 'cancel' | 'reopen' | 'correct' | 'mail' | 'editStart' | 'switch' | 'detach' | 'startOne' | 'skipOne' | 'migrate' | 'setTarget' | 'clearTarget' } // prettier-ignore

export interface History {
  readonly draught: Draught
  readonly other: Draught
  readonly recurrence: { readonly [milestone: string]: Recurrence }
  readonly organisation: string
  readonly first: Row
  readonly ops: readonly { readonly after: number; readonly what: Op; readonly pick: number }[]
}

const CRITERIA = [
  'Flag',
  'NOT(Flag)',
  'ISPICKVAL(Priority, "High")',
  'NOT(ISPICKVAL(Priority, "Low"))',
  'Amount > 1',
  'OR(Flag, Amount > 2)',
] as const
const PAUSES = ['ISPICKVAL(Status, "Waiting")', 'Amount = 3', 'AND(Flag, ISPICKVAL(Status, "Waiting"))'] as const
const STOPS = [
  'Done',
  'ISPICKVAL(Status, "Closed")',
  'ISCHANGED(Amount)',
  'AND(Done, ISPICKVAL(Status, "Working"))',
] as const

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 2) => fc.array(arbitrary, { maxLength })

const target: fc.Arbitrary<Target> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ minutes: fc.integer({ min: 1, max: 300 }) }) },
  fc.record({ hours: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ businessDays: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ dateTimeFormula: fc.constant('Due'), shiftOnPause: fc.boolean() }),
  fc.constant({ minutesFormula: '60 * (Amount + 1)' }),
  fc.constant({ table: [{ when: 'Flag', target: { minutes: 45 } }, { target: { minutes: 90 } }] }),
)
const amount = fc.oneof(
  fc.record({ minutes: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ businessDays: fc.constant(1) }),
)
const warning: fc.Arbitrary<WarningStep> = fc.record({
  before: fc.oneof(amount, fc.record({ percent: fc.constantFrom(10, 25, 50) })),
  actions: fc.constant(['Warn']),
})
const violation: fc.Arbitrary<ViolationStep> = fc.record(
  { after: fc.record({ minutes: fc.constantFrom(0, 0, 30) }), every: fc.record({ minutes: fc.integer({ min: 7, max: 200 }) }), times: fc.integer({ min: 1, max: 4 }), missed: fc.constantFrom('collapse' as const, 'each' as const), actions: fc.constant(['Escalate']) },
  { requiredKeys: ['after', 'actions'] },
) // prettier-ignore
const pauses = (names: string): fc.Arbitrary<PauseRule[]> =>
  few(fc.constantFrom(...PAUSES), 1).map((all) => all.map((when, n) => ({ name: `${names}${n}`, when })))
const completion: fc.Arbitrary<CompletionRule> = fc.oneof(
  fc.constantFrom(...STOPS).map((when) => ({ when })),
  fc.constantFrom(...STOPS).map((when) => ({ when, at: 'Due' })),
  fc.constant({ object: 'Mail', through: 'ParentId', when: 'NOT(Incoming)' }),
  fc.constant({ object: 'Mail', through: 'ParentId', when: 'NOT(Incoming)', at: 'CreatedDate' }),
)

const item = (name: string): fc.Arbitrary<MilestoneItem> =>
  fc.record({
    name: fc.constant(name),
    milestone: fc.constantFrom('A', 'A', 'B', 'C'),
    when: optional(fc.constantFrom(...CRITERIA)),
    start: optional(fc.constantFrom('process' as const, 'criteria' as const)),
    target,
    recalculateOn: optional(fc.constantFrom('criteriaFields' as const, 'always' as const, 'never' as const)),
    businessHours: optional(fc.constantFrom('Office', '24x7')),
    pauses: pauses(`${name}p`),
    completion: few(completion),
    resetWhen: optional(fc.constant('Amount = 2')),
    successActions: fc.constant(['Thank']),
    warnings: few(warning),
    violations: few(violation),
  })

const draught = (version: number): fc.Arbitrary<Draught> =>
  fc
    .record({
      version: fc.constant(version),
      entry: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        fc.constant({ dateField: 'Due' }),
        fc.constant({ when: 'Flag' }),
      ),
      exit: fc.record({
        onExit: fc.constantFrom('auto' as const, 'complete' as const, 'cancel' as const, 'keep' as const),
      }),
      onReopen: fc.constantFrom('resume' as const, 'restart' as const, 'ignore' as const),
      pauses: pauses('all'),
      fireLateSteps: fc.boolean(),
      milestones: fc
        .integer({ min: 1, max: 4 })
        .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => item(`I${i}`)))),
    })
    .map(withDependencies)

/** Every second milestone but A waits for A, where there is one. */
function withDependencies(part: Draught): Draught {
  const waits = part.milestones.some((i) => i.milestone === 'A')
  const milestones = part.milestones.map((i, n) =>
    waits && i.milestone !== 'A' && n % 2 === 1 ? { ...i, after: ['A'] } : i,
  )
  return { ...part, milestones }
}

const changes: fc.Arbitrary<Row> = fc.record(
  {
    Priority: fc.constantFrom('High', 'Medium', 'Low'),
    Status: fc.constantFrom('New', 'Working', 'Waiting', 'Closed'),
    Flag: fc.boolean(),
    Done: fc.boolean(),
    Amount: fc.integer({ min: 0, max: 3 }),
    Due: fc.integer({ min: -100, max: 3000 }).map((n) => formatInstant(T0 + n * 60_000)),
  },
  { requiredKeys: [] },
)

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ op: fc.constant('save' as const), changes }) },
  fc.constantFrom('look', 'pauseAll', 'resumeAll', 'pauseOne', 'resumeOne', 'complete', 'complete', 'backdate', 'cancel', 'reopen', 'correct', 'mail', 'editStart', 'switch', 'detach', 'startOne', 'skipOne', 'migrate', 'setTarget', 'setTarget', 'clearTarget').map((name) => ({ op: name }) as Op), // prettier-ignore
)

const gap = fc.oneof(fc.integer({ min: 0, max: 200 * 60_000 }), fc.integer({ min: 0, max: 60 }).map((n) => n * 60_000), fc.constantFrom(0, 1, 86_400_000)) // prettier-ignore

export const history: fc.Arbitrary<History> = fc.record({
  draught: draught(1),
  other: draught(2),
  recurrence: fc.record({ A: recurrence(), B: recurrence(), C: recurrence() }),
  organisation: fc.constantFrom('24x7', 'Office'),
  first: changes,
  ops: fc.array(fc.record({ after: gap, what: op, pick: fc.nat(1000) }), { minLength: 1, maxLength: 14 }),
})

function recurrence(): fc.Arbitrary<Recurrence> {
  return fc.constantFrom('None', 'Independent', 'Sequential')
}

interface Way {
  /** Called before each operation with the time it has come to. */
  readonly before?: (d: Driver, at: number) => void
  /** Called after each operation. */
  readonly after?: (d: Driver, at: number) => void
}

const FIRST: Row = {
  CreatedDate: formatInstant(T0),
  Priority: 'High',
  Status: 'New',
  Flag: true,
  Done: false,
  Amount: 0,
  Due: formatInstant(T0 + 7_200_000),
  OwnerId: 'u1',
}

/** Lives a history; `idle` after the last operation so that steps come due. */
export function live(h: History, way: Way = {}, idle = 3 * 86_400_000): Driver {
  const d = new Driver(compiled(h.draught), { recurrence: h.recurrence, organisation: h.organisation })
  const other = compiled(h.other)
  let at = T0
  d.save(at, { ...FIRST, ...h.first })
  for (const { after, what, pick } of h.ops) {
    at += after
    way.before?.(d, at)
    perform(d, at, what, pick, other)
    way.after?.(d, at)
  }
  at += idle
  way.before?.(d, at)
  d.look(at)
  way.after?.(d, at)
  return d
}

const STEPS = ['warning:-10%', 'warning:-25%', 'warning:-50%', 'warning:-1d', 'violation:+0m', 'violation:+30m']

function perform(d: Driver, at: number, what: Op, pick: number, other: ReturnType<typeof compiled>): void {
  const instance = `${1 + (pick % 7 === 6 ? 1 : 0)}.${'ABC'.charAt(pick % 3)}.${1 + (pick % 5 > 2 ? 1 : 0)}`
  const reason = 'because'
  if (what.op === 'save') d.save(at, what.changes)
  else if (what.op === 'look') d.look(at)
  else if (what.op === 'pauseAll') d.hand(at, { kind: 'pause', reason })
  else if (what.op === 'resumeAll') d.hand(at, { kind: 'resume' })
  else if (what.op === 'pauseOne') d.hand(at, { kind: 'pause', instance, reason })
  else if (what.op === 'resumeOne') d.hand(at, { kind: 'resume', instance })
  else if (what.op === 'complete') d.hand(at, { kind: 'complete', instance })
  else if (what.op === 'backdate') d.hand(at, { kind: 'complete', instance, completedAt: at - pick * 10_000, reason })
  else if (what.op === 'cancel') d.hand(at, { kind: 'cancel', instance, reason })
  else if (what.op === 'reopen') d.hand(at, { kind: 'reopen', instance })
  else if (what.op === 'correct') d.hand(at, { kind: 'correct', instance, completedAt: at - pick * 10_000, reason })
  else if (what.op === 'mail')
    d.related(at, 'Mail', { Incoming: false, CreatedDate: formatInstant(at - (pick % 5) * 60_000), Id: 'm1' })
  else if (what.op === 'editStart') d.hand(at, { kind: 'edit', slaStart: T0 + (pick - 500) * 60_000 })
  else if (what.op === 'startOne') d.hand(at, { kind: 'start', milestone: pick % 2 === 0 ? 'A' : 'B' })
  else if (what.op === 'detach') d.hand(at, { kind: 'detach', reason: 'process removed' })
  else if (what.op === 'setTarget')
    d.hand(at, {
      kind: 'setTarget',
      instance,
      target: at + (pick - 50) * 60_000,
      reason,
      movesWithPauses: pick % 2 === 0,
    })
  else if (what.op === 'clearTarget') d.hand(at, { kind: 'clearTarget', instance })
  else if (what.op === 'skipOne') d.hand(at, { kind: 'skip', instance, step: STEPS[pick % STEPS.length]!, reason })
  else {
    d.use(d.process === other ? d.processes.get('Care_v1')! : other)
    if (what.op === 'migrate') d.migrate(at, pick % 2 === 0 ? 'skip' : 'raise')
    else d.save(at)
  }
}
