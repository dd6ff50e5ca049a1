/** When the pause rules held in the past, from field history. */
import type { EvaluationContext } from '#formula'
import type { Instant } from '#util'
import type { CompiledPause, CompiledProcess, Observation } from '../types.ts'
import type { ProcessContext } from './context.ts'

/** `evaluation` gives what does not change with time: the hours, the zone, look-ups. */
export function historyOf(
  process: CompiledProcess,
  context: ProcessContext,
  evaluation: EvaluationContext,
): NonNullable<Observation['history']> {
  const rules = [...process.formulas.pauses, ...[...process.items.values()].flatMap((i) => i.pauses)]
  return Object.fromEntries(rules.flatMap((rule) => { const spans = spansOf(rule, context, evaluation); return spans.length > 0 ? [[rule.source, spans]] : [] })) // prettier-ignore
}

function spansOf(
  rule: CompiledPause,
  context: ProcessContext,
  evaluation: EvaluationContext,
): { from: Instant; to: Instant | null }[] {
  const spans: { from: Instant; to: Instant | null }[] = []
  for (const { at, record } of context.history ?? []) {
    const open = spans.at(-1)?.to === null ? spans.at(-1)! : undefined
    const held = holds(rule, { ...evaluation, record, prior: record, now: at })
    if (held && !open) spans.push({ from: at, to: null })
    if (!held && open) open.to = at
  }
  return spans
}

function holds(rule: CompiledPause, evaluation: EvaluationContext): boolean {
  const result = rule.when.evaluate(evaluation)
  return result.ok && result.value === true
}
