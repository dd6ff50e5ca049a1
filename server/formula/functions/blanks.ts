import type { Closure } from '../runtime.ts'
import type { Typed } from '../typed.ts'
import type { CallCheck, Checked, FunctionDef } from './define.ts'
import { refuseBoolean, unify } from './unify.ts'

const isBoolean: Checked = { type: 'Boolean', nullable: false }

function checkSubstitute(call: CallCheck): Checked | undefined {
  if (refuseBoolean(call, call.args, 'A checkbox is never blank.')) return undefined
  const type = unify(call, call.args, 'The values')
  return type && { type, nullable: call.args[1]!.nullable }
}

function substitute(value: Closure, instead: Closure): Closure {
  return (c) => value(c) ?? instead(c)
}

/** Decided by the type: a text is never null, only blank. */
const neverNull = (node: Typed): boolean => node.type === 'Text'

export const blanks: readonly FunctionDef[] = [
  {
    name: 'ISBLANK',
    group: 'Logic',
    signature: 'ISBLANK(value)',
    summary: 'True when the value is blank. A number field that counts blanks as zeroes is never blank.',
    min: 1,
    max: 1,
    check: () => isBoolean,
    closure: (call, build) => {
      const value = build(call.args[0]!)
      return (c) => value(c) === null
    },
  },
  {
    name: 'ISNULL',
    group: 'Logic',
    signature: 'ISNULL(value)',
    summary: 'As ISBLANK, but always false for text. Prefer ISBLANK.',
    min: 1,
    max: 1,
    check: () => isBoolean,
    closure: (call, build) => {
      const value = build(call.args[0]!)
      if (!neverNull(call.args[0]!)) return (c) => value(c) === null
      return (c) => {
        value(c)
        return false
      }
    },
  },
  {
    name: 'BLANKVALUE',
    group: 'Logic',
    signature: 'BLANKVALUE(value, substitute)',
    summary: 'The value, or the substitute when the value is blank.',
    min: 2,
    max: 2,
    check: checkSubstitute,
    closure: (call, build) => substitute(build(call.args[0]!), build(call.args[1]!)),
  },
  {
    name: 'NULLVALUE',
    group: 'Logic',
    signature: 'NULLVALUE(value, substitute)',
    summary: 'As BLANKVALUE, but never substitutes a text. Prefer BLANKVALUE.',
    min: 2,
    max: 2,
    check: checkSubstitute,
    closure: (call, build) =>
      call.type === 'Text' ? build(call.args[0]!) : substitute(build(call.args[0]!), build(call.args[1]!)),
  },
]
