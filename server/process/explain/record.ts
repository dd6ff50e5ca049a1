/** Why milestones of a process run, or do not, on a record. */
import { applicable, openOf, stuckItem } from '../step/draft.ts'
import { afterSatisfied, nextStart } from '../step/next-start.ts'
import type { CompiledItem, CompiledProcess, Rules, State } from '../types.ts'
import { statusOf } from '../rows.ts'
import { type HeldBackMilestone, heldBack, isDone } from './held-back.ts'
import type { Reader } from './reader.ts'
import { sayIn, type SayInstant } from './words.ts'

/** One line for the process and one for each of its milestones. `object` is the record's: a process of another object is no process. */
export function explainRecord(
  rules: Rules,
  state: State,
  object: string,
  reader: Reader,
  held: readonly HeldBackMilestone[] = heldBack(rules, state, reader.sees),
): string[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  if (!process)
    return [
      state.process === null
        ? 'The record is in no process.'
        : `The process version ${state.process} does not exist any more.`,
    ]
  const { document, milestones } = process
  if (document.object !== object)
    return [
      `${document.label} is a process for ${reader.labelOf(document.object)}, not for ${reader.labelOf(object)}: it does nothing here.`,
    ]
  const say = sayIn(reader.timeZone, reader.now)
  return [
    phaseLine(process, state, say),
    ...ownErrors(state),
    ...milestones.map((m) => `${m}: ${milestoneLine(process, state, m, held, say)}`),
  ]
}

/** The version, and the item of each milestone that runs. */
export function recordDetails(rules: Rules, state: State): string[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  const open = process?.milestones.flatMap((milestone) => openOf(state, milestone) ?? []) ?? []
  const items = open.map(({ milestone, item, version }) => `${milestone}: item ${item} of ${version}.`)
  return process ? [`${process.name}, run ${state.run}.`, ...items] : []
}

function phaseLine({ document, formulas, labels }: CompiledProcess, state: State, say: SayInstant): string {
  const name = `${document.label}, version ${document.version}`
  if (state.phase === 'waiting')
    return `${name}: not entered yet (${formulas.entryWhen ? 'its entry criteria do not hold' : `${labels.entry} is blank or lies ahead`}).`
  if (state.phase === 'exited') return `${name}: left${state.exit === null ? '' : ` ${say(state.exit)}`}.`
  const since = state.start === null ? '' : ` since ${say(state.start)}`
  return `${name}: running${since}${state.run > 1 ? `, run ${state.run}` : ''}.`
}

/** Of its entry, exit and pauses; those of milestones stand with them. */
const ownErrors = ({ last }: State): string[] =>
  (last?.errors ?? []).filter((e) => OWN_PATHS.has(e.path ?? '')).map((e) => `Not evaluated (${e.path}): ${e.message}`)

const OWN_PATHS: ReadonlySet<string> = new Set(['entry', 'exit', 'pauses'])

function milestoneLine(
  process: CompiledProcess,
  state: State,
  milestone: string,
  held: readonly HeldBackMilestone[],
  say: SayInstant,
): string {
  const open = openOf(state, milestone)
  if (open) return `${statusOf(open)}.`
  if (state.phase !== 'in' || !state.last) return 'not started: the record is not in the process.'
  const item = applicable(process, state.last, milestone)
  if (item === 'unknown')
    return `not evaluated: ${state.last.items[stuckItem(process, state.last, milestone)!.document.name]!.error}`
  if (!item) return 'not started: its criteria do not hold.'
  const by = held.find((h) => h.milestone === milestone)
  return by ? heldLine(by, say) : waiting(process, state, milestone, item, say)
}

function heldLine({ rule, condition, since }: HeldBackMilestone, say: SayInstant): string {
  const what = condition ? `${rule} (${condition})` : rule
  return since === undefined
    ? `not started: its completion ${what} holds already.`
    : `not started: its completion ${what} has held since ${say(since)}.`
}

function waiting(
  process: CompiledProcess,
  state: State,
  milestone: string,
  item: CompiledItem,
  say: SayInstant,
): string {
  if (!afterSatisfied(state, item)) return `not started: it waits for ${item.document.after!.join(', ')}.`
  if (state.declined.includes(milestone))
    return 'not started: it was cancelled by hand and starts again only when its criteria have failed in between.'
  const next = nextStart(process, state, milestone)
  if (next) return `starts again ${say(next.at)}.`
  const recurs = (state.last!.milestones[milestone]?.recurrence ?? 'None') !== 'None'
  return recurs && isDone(state, milestone)
    ? 'done: it starts again when its completion rule holds no longer.'
    : 'done: it occurs once per run.'
}
