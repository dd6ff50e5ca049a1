/** From another product's policy to a process document, a calendar and an object. The closed vocabulary is in VOCABULARY.md. */
import type { BusinessHoursDefinition } from '#business-hours'
import { compile, scopeOf } from '#formula'
import type {
  EntitlementProcessDocument,
  MilestoneItem,
  PauseRule,
  Target,
  ViolationStep,
  WarningStep,
} from '#metadata'
import type { Environment } from '../compile/environment.ts'
import type { Recurrence } from '../types.ts'
import { Inexpressible, type Policy, type VectorRow, type VectorTarget } from './shapes.ts'

const BOOLEANS = ['Closed', 'Answered', 'Awaiting', 'Started', 'Reset']
const scope = scopeOf('Ticket', [
  ...BOOLEANS.map((path) => ({ path, type: 'Boolean' as const })),
  ...['Status', 'Applies', 'Priority', 'OwnerId'].map((path) => ({ path, type: 'Text' as const })),
  ...['CreatedDate', 'StartAt'].map((path) => ({ path, type: 'DateTime' as const })),
])

export const TICKET: Environment = {
  scope: () => scope,
  closedWhen: () => compile('Closed', { scope, returnType: 'Boolean' }).formula,
  enabled: () => true,
  action: () => ({ object: 'Ticket' }),
  references: () => undefined,
  initial: () => null,
}

export function hoursOf(row: VectorRow): BusinessHoursDefinition {
  const { tz, always, hours, breaks, shifts } = row.policy.calendar
  return {
    name: 'Hours',
    timeZone: tz,
    ...(row.boundary && { boundary: row.boundary }),
    ...(always ? { always: true } : { hours }),
    overrides: Object.entries(shifts ?? {}).map(([date, spans]) => ({ date, spans })),
    holidays: [
      ...(row.policy.calendar.holidays ?? []).map((date) => ({ name: date, ...dateOf(date) })),
      ...Object.entries(breaks ?? {}).flatMap(([date, parts]) =>
        parts.map(([startTime, endTime]) => ({ name: 'break', ...dateOf(date), startTime, endTime })),
      ),
    ],
  }
}

function dateOf(date: string): object {
  if (!date.startsWith('*-')) return { date }
  return {
    recurrence: { type: 'RecursYearly', monthOfYear: Number(date.slice(2, 4)), dayOfMonth: Number(date.slice(5, 7)) },
  }
}

/** Targets without an amount promise nothing and are left out; a policy that only pauses gets a clock from creation to closing. */
export function targetsOf(policy: Policy): { readonly [name: string]: VectorTarget } {
  if (!policy.targets) return { clock: { minutes: 1e7, stop: 'closed' } }
  return Object.fromEntries(Object.entries(policy.targets).filter(([, t]) => (t.minutes ?? t.amount ?? 0) > 0))
}

const POLICY = ['calendar', 'targets', 'pauseStatuses', 'fulfilledStatuses', 'resolvedStatuses', 'firstResponseOn', 'appliesWhen', 'levels', 'zoneNote'] // prettier-ignore

export function refuseUnknown(policy: Policy): void {
  const unknown = Object.keys(policy).find((key) => !POLICY.includes(key))
  if (unknown) throw new Inexpressible(`a policy's "${unknown}" is not in the vocabulary`)
}

export function processOf(row: VectorRow, version = 1, minutes?: number): EntitlementProcessDocument | undefined {
  const targets = targetsOf(row.policy)
  const names = Object.keys(targets)
  if (names.length === 0) return undefined
  const reopen = names.map((n) => targets[n]!.onReopen).find(Boolean)
  const startAt = names.some((n) => targets[n]!.startAt)
  return {
    kind: 'EntitlementProcess', name: `Policy_v${version}`, process: 'Policy', version, label: 'Policy', object: 'Ticket', status: 'active', businessHours: 'Hours',
    ...(startAt && { entry: { dateField: 'StartAt' }, exit: { when: 'FALSE' } }),
    onReopen: reopen === undefined ? 'resume' : onReopen(reopen),
    milestones: names.map((name) => itemOf(row, name, targets[name]!, minutes)),
  } // prettier-ignore
}

function onReopen(words: string): 'resume' | 'restart' | 'ignore' {
  if (words.startsWith('first cycle')) return 'ignore'
  if (words.startsWith('last cycle')) return 'restart'
  if (words.startsWith('resume')) return 'resume'
  throw new Inexpressible(`reopening "${words}" is not in the vocabulary`)
}

const KNOWN = ['minutes', 'amount', 'unit', 'endOfWorkingDay', 'start', 'startAt', 'stop', 'recurs', 'pauses', 'retroactive', 'resetOn', 'onReopen', 'onViolation', 'retroactivePause'] // prettier-ignore

function itemOf(row: VectorRow, name: string, target: VectorTarget, minutes: number | undefined): MilestoneItem {
  const unknown = Object.keys(target).find((key) => !KNOWN.includes(key))
  if (unknown) throw new Inexpressible(`a target's "${unknown}" is not in the vocabulary`)
  const steps = stepsOf(row.policy, target)
  const when = criteria(row, name, target)
  return {
    name,
    milestone: name,
    ...(when && { when }),
    start: startOf(name, target, row),
    target: minutes === undefined ? goalOf(row, target) : { minutes },
    ...(target.pauses !== false &&
      row.policy.pauseStatuses && {
        pauses: pausesOf(row.policy.pauseStatuses, target['retroactivePause'] === false ? when : undefined),
      }),
    completion: stopOf(name, target, row).map((when) => ({ when })),
    ...(target.resetOn && { resetWhen: 'Reset' }),
    ...steps,
  }
}

const anyStatus = (names: readonly string[]): string =>
  `OR(${names.map((s) => `Status = ${JSON.stringify(s)}`).join(', ')})`
/** `during`: only what happens while the item's criteria hold counts as a pause, so that a start in the past takes none from before. */
const pausesOf = (names: readonly string[], during: string | undefined): PauseRule[] =>
  names.length === 0
    ? []
    : [{ name: 'waiting', when: during ? `AND(${anyStatus(names)}, ${during})` : anyStatus(names) }]

const FIRST = ['firstResponse', 'response', 'frt', 'TTO']
const NEXT = ['nextResponse', 'nrt']

export const isNext = (name: string, target: VectorTarget): boolean =>
  target.start?.startsWith('unanswered customer contact') ?? NEXT.includes(name)

function startOf(name: string, target: VectorTarget, row: VectorRow): 'process' | 'criteria' {
  if (isNext(name, target) || target.start === 'attachedAt') return 'criteria'
  if (target.start === 'condition') return target.retroactive === 'created' ? 'process' : 'criteria'
  if (target.start === undefined || target.start === 'created' || target.start === 'record.date')
    return startsByEvent(row) ? 'criteria' : 'process'
  throw new Inexpressible(`a start of "${target.start}" is not in the vocabulary`)
}

const startsByEvent = (row: VectorRow): boolean => row.events.some((e) => e.type === 'start')

function criteria(row: VectorRow, name: string, target: VectorTarget): string | undefined {
  const all: string[] = []
  if (row.policy.appliesWhen) all.push(`Applies = ${JSON.stringify(row.policy.appliesWhen.is)}`)
  if (isNext(name, target)) all.push('Awaiting')
  if (target.start === 'condition') all.push(`Priority = ${JSON.stringify(/^p(\d+)$/.exec(name)?.[1] ?? name)}`)
  if (startsByEvent(row)) all.push('Started')
  return all.length === 0 ? undefined : `AND(${[...all, 'TRUE'].join(', ')})`
}

/** Completion rules. A response that names no stop ends with the record, too; what names a stop ends by that alone. */
function stopOf(name: string, target: VectorTarget, row: VectorRow): string[] {
  if (target.stop === 'first agent response') return ['Answered']
  if (target.stop === 'agent contact' || isNext(name, target)) return ['AND(NOT(Awaiting), NOT(Closed))']
  if (target.stop === 'closed') return ['Closed']
  if (target.stop !== undefined) throw new Inexpressible(`a stop of "${target.stop}" is not in the vocabulary`)
  if (target.startAt) return []
  return FIRST.includes(name) && row.policy.targets && Object.keys(row.policy.targets).length > 0
    ? ['Answered', 'Closed']
    : ['Closed']
}

function goalOf(row: VectorRow, target: VectorTarget): Target {
  if (target.minutes) return { minutes: target.minutes }
  const amount = target.amount!
  const unit = target.unit ?? 'minute'
  if (unit === 'minute') return { minutes: amount }
  if (unit === 'hour') return { hours: amount }
  if (unit !== 'day' && unit !== 'businessDay') throw new Inexpressible(`a unit of "${unit}" is not in the vocabulary`)
  return target.endOfWorkingDay ? endOfDay(row, amount) : { businessDays: amount }
}

/** Closing time of the day: a formula can say it when every day closes at the same time. */
function endOfDay(row: VectorRow, days: number): Target {
  const closings = new Set(
    Object.values(row.policy.calendar.hours ?? {}).flatMap((spans) => (spans.length > 0 ? [spans.at(-1)![1]] : [])),
  )
  if (closings.size !== 1 || row.policy.calendar.tz !== 'UTC')
    throw new Inexpressible('end of the working day where days close at different times')
  const day = `DATEVALUE(BUSINESSADDDAYS(CreatedDate, ${days}))`
  return { dateTimeFormula: `DATETIMEVALUE(TEXT(${day}) & " ${[...closings][0]}:00")`, shiftOnPause: true }
}

function stepsOf(policy: Policy, target: VectorTarget): { warnings: WarningStep[]; violations: ViolationStep[] } {
  const offsets = (policy.levels ?? []).map((level) => level.offsetMinutes ?? level.offset!)
  const warnings: WarningStep[] = []
  const violations: ViolationStep[] = [{ after: { minutes: 0 }, actions: [...(target.onViolation ?? ['Violated'])] }]
  for (const offset of offsets) {
    const { negative, amount } = amountOf(offset)
    if (negative) warnings.push({ before: amount, actions: ['Level'] })
    else violations.push({ after: amount, actions: ['Level'] })
  }
  return { warnings, violations }
}

function amountOf(offset: number | string): {
  negative: boolean
  amount: { minutes: number } | { businessDays: number }
} {
  if (typeof offset === 'number') return { negative: offset < 0, amount: { minutes: Math.abs(offset) } }
  const m = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(offset)
  if (!m) throw new Inexpressible(`an offset of "${offset}" is not in the vocabulary`)
  const minutes = Number(m[3] ?? 0) * 60 + Number(m[4] ?? 0)
  if (m[2] && minutes > 0) throw new Inexpressible('an offset of days and hours at once')
  return { negative: m[1] === '-', amount: m[2] ? { businessDays: Number(m[2]) } : { minutes } }
}

export function recurrenceOf(row: VectorRow): { [milestone: string]: Recurrence } {
  const named = Object.entries(targetsOf(row.policy)).map(([name, t]) => [name, recurrence(name, t)] as const)
  return Object.fromEntries(named)
}

function recurrence(name: string, target: VectorTarget): Recurrence {
  const recurs = target.recurs ?? isNext(name, target)
  if (recurs === false || recurs === 'none') return 'None'
  if (recurs === true || recurs === 'independent') return 'Independent'
  if (recurs === 'sequential' || recurs === 'chained' || recurs === 'dependent') return 'Sequential'
  throw new Inexpressible(`a recurrence of "${recurs}" is not in the vocabulary`)
}
