import { toValue, type Closure } from '../runtime.ts'
import { walk, type Typed } from '../typed.ts'
import type { EvaluationContext, FormulaOptions, FormulaResult, FormulaType } from '../types.ts'
import { last, UNIT, UNSURE, type FastClosure } from './bound.ts'
import { fastBuild } from './build.ts'
import { toPower } from './numbers.ts'

type Run<R> = (context: EvaluationContext) => R
type Answer = (context: EvaluationContext) => FormulaResult

/** A true/false formula in doubles; undefined where there are no numbers. It throws UNSURE, as does the next. */
export const quickTruth = (root: Typed): Closure | undefined => (hasNumbers(root) ? fastBuild().value(root) : undefined)

/** The evaluation in doubles; undefined where there are no numbers, or none that a declared scale would round. */
export function quickAnswer(root: Typed, type: FormulaType, options: FormulaOptions): Answer | undefined {
  if (!hasNumbers(root)) return undefined
  if (root.type === 'Number') return numberAnswer(root, options)
  const run: Closure = fastBuild().value(root)
  return (context) => ({ ok: true, value: toValue(run(context), type) })
}

/** Numbers of at most 15 digits after the rounding to the field's scale. */
function numberAnswer(root: Typed, options: FormulaOptions): Answer | undefined {
  const scale = options.scale ?? -1
  if (scale < 0 || scale > 12) return undefined
  const power = 10 ** scale
  const factor = options.percent ? 100 : 1
  const run: FastClosure = fastBuild().number(root)
  return (context) => {
    const value = run(context)
    if (value !== value) return { ok: true, value: null }
    const rounded =
      factor === 1
        ? toPower(value, last.error, power, 'half')
        : toPower(value * factor, last.error * factor * 1.001 + Math.abs(value * factor) * UNIT, power, 'half')
    if (Math.abs(rounded) * power > 1e15) throw UNSURE
    return { ok: true, value: rounded + 0 }
  }
}

/** Formulas that are unsure more often than this are worked out in decimals at once. */
const TRIES = 64

/** Doubles first, where there are any; exact decimals, made when they are first needed, where those can't be sure. */
export function filtered<R>(quick: Run<R> | undefined, makeExact: () => Run<R>): Run<R> {
  if (!quick) return makeExact()
  let exact: Run<R> | undefined
  let tries = 0
  let unsure = 0
  return (context) => {
    if (exact && unsure > TRIES && unsure * 4 > tries) return exact(context)
    tries++
    try {
      return quick(context)
    } catch (error) {
      if (error !== UNSURE) throw error
      unsure++
      exact ??= makeExact()
      return exact(context)
    }
  }
}

function hasNumbers(root: Typed): boolean {
  let found = false
  walk(root, (node) => (found ||= node.type === 'Number'), true)
  return found
}
