/** Milestones that could run and do not, because a completion rule of theirs holds already. */
import type { Instant } from '#util'
import { applicable, openOf } from '../step/draft.ts'
import { afterSatisfied } from '../step/next-start.ts'
import type { CompiledProcess, Rules, State } from '../types.ts'
import { conditionWords } from './promise.ts'
import type { SeesCondition } from './reader.ts'

export interface HeldBackMilestone {
  readonly milestone: string
  /** Items of the milestone, by which the log names it. */
  readonly items: readonly string[]
  /** The completion rule, as the log names it: `rule 1`. */
  readonly rule: string
  /** What it says, in the words of labels; absent for those who may not read its fields. */
  readonly condition?: string
  /** Since when it holds, as far as the log tells. */
  readonly since?: Instant
}

export function heldBack(rules: Rules, state: State, sees: SeesCondition): readonly HeldBackMilestone[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  if (!process || state.phase !== 'in') return []
  return process.milestones.flatMap((milestone) => heldBackOne(process, state, milestone, sees) ?? [])
}

function heldBackOne(
  process: CompiledProcess,
  state: State,
  milestone: string,
  sees: SeesCondition,
): HeldBackMilestone | undefined {
  const item = state.last ? applicable(process, state.last, milestone) : undefined
  if (!item || item === 'unknown' || openOf(state, milestone) || isDone(state, milestone)) return undefined
  const name = state.last!.items[item.document.name]?.complete
  const rule = item.completion.find((r) => r.name === name)
  if (!rule || !afterSatisfied(state, item)) return undefined
  const items = process.document.milestones.filter((i) => i.milestone === milestone).map((i) => i.name)
  const condition = conditionWords(rule.when)
  return { milestone, items, rule: rule.name, ...(sees(process.document.object, rule.when) && { condition }) }
}

/** Completed in this run: the rule that did it may go on to hold. */
export const isDone = (state: State, milestone: string): boolean =>
  state.instances.some((i) => i.run === state.run && i.milestone === milestone && i.completion !== null)
