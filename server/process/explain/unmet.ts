/** What the rules that would end a process or a milestone still want of the record. */
import { conditionsOf, type CompiledFormula, type Condition } from '#formula'
import type { Row } from '#util'
import type { ProcessContext } from '../observe/context.ts'
import { evaluationOf } from '../observe/observe.ts'
import { openInstances } from '../step/draft.ts'
import type { Instance, Rules, State } from '../types.ts'

export interface Unmet {
  /** Key of the milestone's instance; absent: the exit of the process. */
  readonly instance?: string
  readonly conditions: readonly Condition[]
}

/** `record` holds the process's paths. Of several completion rules the one that wants least; rules on related records want nothing of this one. */
export function unmet(rules: Rules, state: State, record: Row, context: ProcessContext): readonly Unmet[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  if (!process || state.phase !== 'in') return []
  const evaluation = evaluationOf(process, record, record, context)
  const wanting = (formula: CompiledFormula): readonly Condition[] =>
    conditionsOf(formula).filter((condition) => !condition.holds(evaluation))
  const least = (i: Instance): readonly Condition[] | undefined =>
    process.items
      .get(i.item)
      ?.completion.map(({ when }) => wanting(when))
      .sort((a, b) => a.length - b.length)[0]
  const exit: Unmet[] = process.formulas.exit ? [{ conditions: wanting(process.formulas.exit) }] : []
  const open = openInstances(state)
    .filter((i) => i.run === state.run)
    .map((i): Unmet => ({ instance: i.key, conditions: least(i) ?? [] }))
  return [...exit, ...open].filter(({ conditions }) => conditions.length > 0)
}

/** `The process ends when Case Reason is filled.` */
export const unmetLine = (milestone: string | undefined, conditions: readonly Pick<Condition, 'text'>[]): string =>
  `${milestone === undefined ? 'The process ends' : `${milestone} completes`} when ${conditions.map((c) => c.text).join(' and ')}.`
