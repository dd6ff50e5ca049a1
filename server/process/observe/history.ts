/** When the pause rules held in the past, from field history. */
import type { Instant, Row } from '#util'
import type { CompiledPause, CompiledProcess, Observation } from '../types.ts'
import type { ProcessContext } from './context.ts'

export function historyOf(process: CompiledProcess, context: ProcessContext): NonNullable<Observation['history']> {
  const rules = [...process.formulas.pauses, ...[...process.items.values()].flatMap((i) => i.pauses)]
  return Object.fromEntries(rules.flatMap((rule) => { const spans = spansOf(rule, context); return spans.length > 0 ? [[rule.source, spans]] : [] })) // prettier-ignore
}

function spansOf(rule: CompiledPause, context: ProcessContext): { from: Instant; to: Instant | null }[] {
  const spans: { from: Instant; to: Instant | null }[] = []
  for (const { at, record } of context.history ?? []) {
    const open = spans.at(-1)?.to === null ? spans.at(-1)! : undefined
    const held = holds(rule, record, at, context)
    if (held && !open) spans.push({ from: at, to: null })
    if (!held && open) open.to = at
  }
  return spans
}

function holds(rule: CompiledPause, record: Row, at: Instant, context: ProcessContext): boolean {
  const result = rule.when.evaluate({ record, prior: record, now: at, timeZone: context.timeZone })
  return result.ok && result.value === true
}
