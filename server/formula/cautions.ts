/** Warnings of what a formula may say and hardly anybody means: a condition that never holds, a percent that is a hundred times too large. */
import type { CallCheck } from './functions/define.ts'
import { HUNDRED, Num, numberText } from './numbers.ts'
import type { Typed } from './typed.ts'

/** `name` is the function's own, `call.name` what is written. */
export function caution(name: string, call: CallCheck): void {
  if (COMPARISONS.has(name)) cautionComparison(name, call)
  else if (BLANK_TESTS.has(name)) cautionBlankTest(name, call)
}

const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>='])
const BLANK_TESTS = new Set(['ISBLANK', 'ISNULL', 'BLANKVALUE', 'NULLVALUE'])

const warn = (call: CallCheck, code: string, message: string, hint: string): void =>
  call.report(code, message, call.at, hint, 'warning')

function cautionComparison(name: string, call: CallCheck): void {
  const [left, right] = call.args as [Typed, Typed]
  if (left.type === 'Null' || right.type === 'Null') return cautionNull(name, call, left.type === 'Null' ? right : left)
  const [field, literal] = isPercent(left) ? [left, right] : [right, left]
  const value = isPercent(field) ? numberOf(literal) : undefined
  if (value?.abs().gt(1)) {
    const [given, meant] = [numberText(value), numberText(value.div(HUNDRED))]
    warn(call, 'PERCENT_AS_WHOLE', `${call.textOf(field)} is compared with ${numberText(value.times(HUNDRED))} %: in a formula ${given} % is ${meant}.`, `Write ${meant} for ${given} %.`) // prettier-ignore
  }
}

/** A blank text equals NULL, nothing else does. */
function cautionNull(name: string, call: CallCheck, other: Typed): void {
  if (other.type === 'Text' && (name === '=' || name === '<>')) return
  const written = call.textOf(call)
  warn(call, 'NEVER_TRUE', `${written} is never true: what is compared with NULL gives a blank.`, nullHint(name, other, call.textOf(other))) // prettier-ignore
}

function nullHint(name: string, other: Typed, text: string): string {
  const value = fieldOf(other)
  if (value?.zero) return `A blank ${text} counts as 0: compare it with 0.`
  if (value?.type === 'Boolean') return `A checkbox is never blank: write ${text} alone, or NOT(${text}).`
  return name === '<>' ? `Use NOT(ISBLANK(${text})).` : `Use ISBLANK(${text}).`
}

function cautionBlankTest(name: string, call: CallCheck): void {
  const [arg] = call.args as [Typed]
  const [text, value] = [call.textOf(arg), fieldOf(arg)]
  const [code, never] = name.startsWith('IS')
    ? ['NEVER_TRUE', `${name}(${text}) is never true`]
    : ['NEVER_BLANK', `${name} never gives its substitute`]
  if (value?.zero) warn(call, code, `${never}: a blank ${text} counts as 0 here.`, `Compare ${text} with 0.`)
  else if (value?.type === 'Boolean')
    warn(call, code, `${never}: a checkbox is never blank.`, `Write ${text} alone, or NOT(${text}).`)
  else if (arg.type === 'Text' && name.includes('NULL'))
    warn(call, code, `${never}: a text is blank and never null.`, `Use ${name.replace('NULL', 'BLANK')}.`)
}

/** The field that a value is of, also as it was before the save. */
function fieldOf(node: Typed) {
  const inner = node.kind === 'call' && node.def.name === 'PRIORVALUE' ? node.args[0]! : node
  return inner.kind === 'field' ? inner : undefined
}

const isPercent = (node: Typed): boolean => fieldOf(node)?.field.percent === true

/** Of `75` and of `-75`. */
function numberOf(node: Typed): Num | undefined {
  if (node.kind === 'literal') return node.value instanceof Num ? node.value : undefined
  return node.kind === 'call' && node.def.name === 'NEGATE' ? numberOf(node.args[0]!)?.neg() : undefined
}
