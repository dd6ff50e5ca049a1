/** Evaluates every formula of one evaluation against one record and one instant. It only observes; `step` decides. */
import type { CompiledFormula, EvaluationContext } from '#formula'
import { type Finding, type Instant, parseInstant, type Row, type Value } from '#util'
import { isOpen } from '../step/draft.ts'
import type { CompiledItem, CompiledPause, CompiledProcess, ItemObservation, Observation, State } from '../types.ts'
import type { ProcessContext } from './context.ts'
import { fingerprint, goalOf } from './goals.ts'
import { effectiveHours, nextMidnight } from './hours.ts'
import { historyOf } from './history.ts'
import { instantIn } from './related.ts'

interface Look {
  readonly process: CompiledProcess
  readonly state: State
  readonly record: Row
  readonly prior: Row | undefined
  readonly context: ProcessContext
  readonly evaluation: EvaluationContext
  readonly timeZone: string | undefined
  readonly errors: Finding[]
}

/** `record` holds `process.paths`; `prior` is the record before this save (absent when it is new; the record itself when nothing was saved). */
export function observe(
  process: CompiledProcess,
  state: State,
  record: Row,
  prior: Row | undefined,
  context: ProcessContext,
): Observation {
  const look = lookAt(process, state, record, prior, context)
  const items = Object.fromEntries([...process.items].flatMap(([name, item]) => entryOf(name, observeItem(look, item))))
  const history =
    wantsHistory(process, state) && context.history ? historyOf(process, context, look.evaluation) : undefined
  const exit = exitHolds(look)
  const midnight = wantsMidnight(process, exit) ? nextMidnight(context.now, context.timeZone) : undefined
  return {
    process: process.name,
    entry: entryDate(look),
    exit,
    pauses: process.formulas.pauses.filter((p) => pauseHolds(look, p)).map((p) => p.source),
    items,
    milestones: milestonesOf(process, context),
    owner: textOf(record['OwnerId']),
    ...(midnight === undefined ? {} : { midnight }),
    ...(history ? { history } : {}),
    inputs: inputsOf(process, record),
    ...(look.errors.length > 0 ? { errors: look.errors } : {}),
  }
}

/** True before the process has seen the record: then field history tells when its pause rules held. */
export const wantsHistory = (process: CompiledProcess, state: State): boolean =>
  state.process !== process.name && process.pausePaths.length > 0

function lookAt(
  process: CompiledProcess,
  state: State,
  record: Row,
  prior: Row | undefined,
  context: ProcessContext,
): Look {
  const evaluation = evaluationOf(process, record, prior, context)
  return { process, state, record, prior, context, evaluation, timeZone: zoneOf(process, record), errors: [] }
}

/** In what the process's formulas are evaluated; those of an item that has hours of its own see these. */
export function evaluationOf(
  process: CompiledProcess,
  record: Row,
  prior: Row | undefined,
  context: ProcessContext,
): EvaluationContext {
  const hours = effectiveHours(process, undefined, context, zoneOf(process, record))
  const calendar = typeof hours === 'string' ? undefined : hours.calendar
  const { now, lookup } = context
  return { record, prior, now, timeZone: context.timeZone, calendar, ...(lookup && { lookup }) }
}

const zoneOf = ({ document }: CompiledProcess, record: Row): string | undefined =>
  document.timeZoneField === undefined ? undefined : (textOf(record[document.timeZoneField]) ?? undefined)

function observeItem(look: Look, item: CompiledItem): ItemObservation {
  try {
    const when = item.when ? sure(look, item.when) : true
    const pauses = item.pauses.filter((p) => sure(look, p.when)).map((p) => p.source)
    const reset = item.reset ? sure(look, item.reset) : false
    return {
      when,
      ...(pauses.length > 0 && { pauses }),
      ...completionOf(look, item),
      ...(reset && { reset }),
      ...promiseOf(look, item, when),
    }
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    return failed(look, item.document.name, error.message)
  }
}

/** A formula's error on its way to the item's finding; never leaves this file. */
class Trouble extends Error {}

function sure(look: Look, formula: CompiledFormula, evaluation: EvaluationContext = look.evaluation): boolean {
  const result = formula.evaluate(evaluation)
  if (!result.ok) throw new Trouble(result.finding.message)
  return result.value === true
}

function failed(look: Look, item: string, message: string): ItemObservation {
  look.errors.push({
    code: 'PROCESS_FORMULA',
    severity: 'error',
    message,
    hint: `The item ${item} stays as it is until this is mended.`,
    file: look.process.name,
    path: item,
  })
  return { when: false, error: message }
}

/** The rule that holds now, when it says that it happened, and the one that still holds when nothing changes any more. */
function completionOf(look: Look, item: CompiledItem): Pick<ItemObservation, 'complete' | 'completeAt' | 'atRest'> {
  const rule = item.completion.find((rule) => sure(look, rule.when))
  const now = rule?.name
  const at = rule?.at && happenedAt(look, rule.at)
  const seen = { ...(now !== undefined && { complete: now }), ...(at !== undefined && { completeAt: at }) }
  if (!item.completion.some((rule) => rule.momentary)) return seen
  const resting = { ...look.evaluation, prior: look.record }
  const rest = item.completion.find((rule) => sure(look, rule.when, resting))?.name
  return { ...seen, ...(rest !== now && { atRest: rest ?? null }) }
}

function happenedAt(look: Look, formula: CompiledFormula): Instant | undefined {
  const result = formula.evaluate(look.evaluation)
  if (!result.ok) throw new Trouble(result.finding.message)
  return instantIn(result.value)
}

/** Goal, hours and owner, where they are needed: the item applies, governs an open instance or is about to be started. */
function promiseOf(look: Look, item: CompiledItem, when: boolean): Partial<ItemObservation> {
  const name = item.document.name
  const governs = look.state.instances.some((i) => i.item === name && isOpen(i))
  if (!when && !governs && look.context.starting !== item.document.milestone) return {}
  if (!look.context.milestone(item.document.milestone))
    throw new Trouble(`There is no milestone ${item.document.milestone}.`)
  const effective = effectiveHours(look.process, item, look.context, look.timeZone)
  if (typeof effective === 'string') throw new Trouble(effective)
  const answers: Value[] = []
  const goal = goalOf(item.target, { ...look.evaluation, calendar: effective.calendar, ...noting(look, answers) })
  if (typeof goal === 'string') throw new Trouble(goal)
  const key = fingerprint([...valuesOf(look, item), ...answers])
  return { goal, ...(key && { key }), ...ownerOf(look, item), hours: effective.hours }
}

const valuesOf = (look: Look, item: CompiledItem): Value[] => [
  ...item.keyPaths.map((path) => look.record[path] ?? null),
  ...(item.behind === '' ? [] : [item.behind]),
]

/** What a target looks up is part of what decides it, like the fields it reads. */
function noting({ evaluation }: Look, answers: Value[]): Pick<EvaluationContext, 'lookup'> {
  const { lookup } = evaluation
  if (!lookup) return {}
  return {
    lookup: (kind, args) => {
      const answer = lookup(kind, args)
      answers.push(answer ?? null)
      return answer
    },
  }
}

function ownerOf(look: Look, item: CompiledItem): Pick<ItemObservation, 'owner'> {
  if (!item.owner) return {}
  const result = item.owner.evaluate(look.evaluation)
  if (!result.ok) throw new Trouble(result.finding.message)
  const owner = textOf(result.value)
  if (owner === null || owner === look.record['OwnerId'] || look.context.mayOwn?.(owner) !== false) return { owner }
  look.errors.push({
    code: 'NO_SUCH_OWNER',
    severity: 'error',
    message: `The owner that the formula of ${item.document.name} gives is no active user or group.`,
    hint: "Until this is mended the promise is the record's owner's. Give the id of an active user, or of a group or queue.",
    file: look.process.name,
    path: item.document.name,
  })
  return {}
}

/** Items that say nothing are left out. */
const entryOf = (name: string, seen: ItemObservation): [string, ItemObservation][] =>
  Object.keys(seen).length === 1 && !seen.when ? [] : [[name, seen]]

/** A start time that the caller gave before the process stamped one counts as the entry. */
const START = 'SlaStartDate'

function entryDate(look: Look): Observation['entry'] {
  const { entryWhen, entryField } = look.process.formulas
  const given = parseInstant(textOf(look.record[START]) ?? '')
  if (given !== undefined && look.state.start === null && !entryWhen) return given
  if (entryWhen) return truth(look, 'entry', entryWhen) === true
  return parseInstant(textOf(look.record[entryField]) ?? '') ?? null
}

/** A record that has left its process is looked at again only when the exit itself reads the day. */
const wantsMidnight = (process: CompiledProcess, exit: boolean): boolean =>
  process.usesToday && (!exit || process.formulas.exit!.analysis.functions.has('TODAY'))

/** What can't be evaluated stays as it was. */
const exitHolds = (look: Look): boolean =>
  look.process.formulas.exit !== undefined &&
  (truth(look, 'exit', look.process.formulas.exit) ?? look.state.last?.exit ?? false)

const pauseHolds = (look: Look, rule: CompiledPause): boolean =>
  truth(look, 'pauses', rule.when) ?? look.state.signals.some((p) => p.source === rule.source && p.to === null)

function truth(look: Look, path: string, formula: CompiledFormula): boolean | undefined {
  const result = formula.evaluate(look.evaluation)
  if (result.ok) return result.value === true
  look.errors.push({ ...result.finding, file: look.process.name, path })
  return undefined
}

const milestonesOf = (process: CompiledProcess, context: ProcessContext): Observation['milestones'] =>
  Object.fromEntries(process.milestones.flatMap((name) => { const m = context.milestone(name); return m ? [[name, { id: m.id, recurrence: m.recurrence }]] : [] })) // prettier-ignore

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const LONGEST = 80

function inputsOf(process: CompiledProcess, record: Row): Row {
  return Object.fromEntries(process.paths.map((path) => [path, shortened(record[path] ?? null)]))
}

function shortened(value: Row[string]): Row[string] {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  if (typeof value !== 'object' || value === null) return value
  const text = JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : value
}
