/** Working out a target's goal, and the fingerprint that says whether it must be worked out again. */
import type { EvaluationContext } from '#formula'
import { parseInstant, type Value } from '#util'
import { inThousandths } from '../clock.ts'
import type { CompiledTarget, Goal } from '../types.ts'

const NONE: Goal = { kind: 'at', at: null, shift: false }

/** A text says why there is none. A table without a row that fits is a milestone without a target. */
export function goalOf(target: CompiledTarget, context: EvaluationContext): Goal | string {
  if (target.kind === 'constant') return target.goal
  if (target.kind === 'table') return fromTable(target, context)
  const result = target.formula.evaluate(context)
  if (!result.ok) return result.finding.message
  return target.kind === 'at' ? dateGoal(result.value, target.shift) : minutesGoal(result.value)
}

function dateGoal(value: Value, shift: boolean): Goal | string {
  const at = parseInstant(String(value ?? ''))
  return at === undefined ? 'The formula of the target gave no date.' : { kind: 'at', at, shift }
}

/** As exact as the field that shows them. */
function minutesGoal(value: Value): Goal | string {
  const minutes = inThousandths(Number(value ?? 0))
  if (minutes <= 0) return 'The formula of the target gave no minutes; a blank number counts as zero.'
  return Number.isFinite(minutes) ? { kind: 'minutes', minutes } : 'The formula of the target gave more minutes than can be counted.' // prettier-ignore
}

function fromTable(target: Extract<CompiledTarget, { kind: 'table' }>, context: EvaluationContext): Goal | string {
  for (const row of target.rows) {
    const result = row.when?.evaluate(context)
    if (result && !result.ok) return result.finding.message
    if (!result || result.value === true) return goalOf(row.target, context)
  }
  return NONE
}

/** 16 hexadecimal digits of the values (FNV-1a with two seeds): equal values, equal fingerprint. */
export function fingerprint(values: readonly Value[]): string {
  if (values.length === 0) return ''
  const text = JSON.stringify(values)
  return hash(text, 0x811c9dc5) + hash(text, 0x01234567)
}

function hash(text: string, seed: number): string {
  let h = seed
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0).toString(16).padStart(8, '0')
}
