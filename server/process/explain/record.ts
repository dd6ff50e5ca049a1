/** Why milestones of a process run, or do not, on a record. */
import { applicable, openOf } from '../step/draft.ts'
import { afterSatisfied, nextStart } from '../step/next-start.ts'
import type { CompiledItem, CompiledProcess, Rules, State } from '../types.ts'
import { statusOf } from '../rows.ts'
import { sayInstant } from './words.ts'

/** One line for the process and one for each of its milestones. `object` is the record's: a process of another object is no process. */
export function explainRecord(rules: Rules, state: State, object?: string): string[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  if (!process)
    return [
      state.process === null
        ? 'The record is in no process.'
        : `The process version ${state.process} does not exist any more.`,
    ]
  if (object !== undefined && process.document.object !== object)
    return [`${process.name} is a process for ${process.document.object}, not for ${object}: it does nothing here.`]
  return [phaseLine(process, state), ...process.milestones.map((m) => `${m}: ${milestoneLine(process, state, m)}`)]
}

function phaseLine(process: CompiledProcess, state: State): string {
  const since = state.start === null ? '' : ` since ${sayInstant(state.start, undefined)} UTC`
  if (state.phase === 'waiting')
    return `${process.name}: not entered yet (${process.formulas.entryWhen ? 'its entry criteria do not hold' : `${process.formulas.entryField} is blank or lies ahead`}).`
  if (state.phase === 'exited')
    return `${process.name}: left ${state.exit === null ? '' : `${sayInstant(state.exit, undefined)} UTC`}.`
  return `${process.name}: running${since}, run ${state.run}.`
}

function milestoneLine(process: CompiledProcess, state: State, milestone: string): string {
  const open = openOf(state, milestone)
  if (open) return `${statusOf(open)} (item ${open.item}).`
  if (state.phase !== 'in' || !state.last) return 'not started: the record is not in the process.'
  const item = applicable(process, state.last, milestone)
  if (item === 'unknown') return 'not looked at: one of its formulas could not be evaluated.'
  if (!item) return 'not started: the criteria of none of its items hold.'
  return waiting(process, state, milestone, item)
}

function waiting(process: CompiledProcess, state: State, milestone: string, item: CompiledItem): string {
  const rule = state.last!.items[item.document.name]?.complete
  if (!afterSatisfied(state, item)) return `not started: it waits for ${item.document.after!.join(', ')}.`
  if (rule !== undefined) return `not started: its completion ${rule} holds already.`
  if (state.declined.includes(milestone))
    return 'not started: it was cancelled by hand and starts again only when its criteria have failed in between.'
  const next = nextStart(process, state, milestone)
  return next ? `starts again ${sayInstant(next.at, undefined)} UTC.` : 'done: it occurs once per run.'
}
