/** Why milestones of a process run, or do not, on a record. */
import { applicable, openOf } from '../step/draft.ts'
import { afterSatisfied, nextStart } from '../step/next-start.ts'
import type { CompiledItem, CompiledProcess, Rules, State } from '../types.ts'
import { statusOf } from '../rows.ts'
import { type HeldBackMilestone, heldBack, isDone } from './held-back.ts'
import { sayInstant } from './words.ts'

/** One line for the process and one for each of its milestones. `object` is the record's: a process of another object is no process. */
export function explainRecord(
  rules: Rules,
  state: State,
  object?: string,
  held: readonly HeldBackMilestone[] = heldBack(rules, state, () => false),
): string[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  if (!process)
    return [
      state.process === null
        ? 'The record is in no process.'
        : `The process version ${state.process} does not exist any more.`,
    ]
  if (object !== undefined && process.document.object !== object)
    return [`${process.name} is a process for ${process.document.object}, not for ${object}: it does nothing here.`]
  return [
    phaseLine(process, state),
    ...process.milestones.map((m) => `${m}: ${milestoneLine(process, state, m, held)}`),
  ]
}

function phaseLine(process: CompiledProcess, state: State): string {
  const since = state.start === null ? '' : ` since ${sayInstant(state.start, undefined)} UTC`
  if (state.phase === 'waiting')
    return `${process.name}: not entered yet (${process.formulas.entryWhen ? 'its entry criteria do not hold' : `${process.formulas.entryField} is blank or lies ahead`}).`
  if (state.phase === 'exited')
    return `${process.name}: left ${state.exit === null ? '' : `${sayInstant(state.exit, undefined)} UTC`}.`
  return `${process.name}: running${since}, run ${state.run}.`
}

function milestoneLine(
  process: CompiledProcess,
  state: State,
  milestone: string,
  held: readonly HeldBackMilestone[],
): string {
  const open = openOf(state, milestone)
  if (open) return `${statusOf(open)} (item ${open.item}).`
  if (state.phase !== 'in' || !state.last) return 'not started: the record is not in the process.'
  const item = applicable(process, state.last, milestone)
  if (item === 'unknown') return 'not looked at: one of its formulas could not be evaluated.'
  if (!item) return 'not started: the criteria of none of its items hold.'
  const by = held.find((h) => h.milestone === milestone)
  return by ? heldLine(by) : waiting(process, state, milestone, item)
}

function heldLine({ rule, condition, since }: HeldBackMilestone): string {
  const what = condition ? `${rule} (${condition})` : rule
  return since === undefined
    ? `not started: its completion ${what} holds already.`
    : `not started: its completion ${what} has held since ${sayInstant(since, undefined)} UTC.`
}

function waiting(process: CompiledProcess, state: State, milestone: string, item: CompiledItem): string {
  if (!afterSatisfied(state, item)) return `not started: it waits for ${item.document.after!.join(', ')}.`
  if (state.declined.includes(milestone))
    return 'not started: it was cancelled by hand and starts again only when its criteria have failed in between.'
  const next = nextStart(process, state, milestone)
  if (next) return `starts again ${sayInstant(next.at, undefined)} UTC.`
  const recurs = (state.last!.milestones[milestone]?.recurrence ?? 'None') !== 'None'
  return recurs && isDone(state, milestone)
    ? 'done: it starts again when its completion rule holds no longer.'
    : 'done: it occurs once per run.'
}
