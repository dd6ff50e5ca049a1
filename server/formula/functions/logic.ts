import { Failure } from '../failure.ts'
import type { FastClosure } from '../fast/bound.ts'
import type { Closure } from '../runtime.ts'
import type { Typed } from '../typed.ts'
import { priorTexts } from './conversion.ts'
import type { CallCheck, Checked, FunctionDef } from './define.ts'
import { choice, junction, negation } from '../sql/logic.ts'
import { fieldTest, testClosure } from './field-test.ts'
import { needsBoolean, unify } from './unify.ts'

const checkAll = (call: CallCheck): Checked | undefined =>
  call.args.map((arg) => needsBoolean(call, arg)).every(Boolean) ? { type: 'Boolean', nullable: false } : undefined

/** A blank condition counts as false. */
function allOf(conditions: readonly Closure[]): Closure {
  const [a, b, d] = conditions
  if (conditions.length === 1) return (c) => a!(c) === true
  if (conditions.length === 2) return (c) => a!(c) === true && b!(c) === true
  if (conditions.length === 3) return (c) => a!(c) === true && b!(c) === true && d!(c) === true
  return (c) => {
    for (const condition of conditions) if (condition(c) !== true) return false
    return true
  }
}

function anyOf(conditions: readonly Closure[]): Closure {
  const [a, b, d] = conditions
  if (conditions.length === 1) return (c) => a!(c) === true
  if (conditions.length === 2) return (c) => a!(c) === true || b!(c) === true
  if (conditions.length === 3) return (c) => a!(c) === true || b!(c) === true || d!(c) === true
  return (c) => {
    for (const condition of conditions) if (condition(c) === true) return true
    return false
  }
}

function checkIf(call: CallCheck): Checked | undefined {
  const [condition, ...branches] = call.args as [Typed, Typed, Typed]
  if (!needsBoolean(call, condition)) return undefined
  const type = unify(call, branches, 'The results')
  return type && { type, nullable: branches.some((branch) => branch.nullable) }
}

function checkIfs(call: CallCheck): Checked | undefined {
  if (call.args.length % 2 === 0) {
    call.report(
      'ARGUMENT_COUNT',
      `IFS needs pairs of condition and result, then one last result; it got ${call.args.length} arguments.`,
      call.at,
    )
    return undefined
  }
  const last = call.args.length - 1
  const isCondition = (_: Typed, i: number): boolean => i % 2 === 0 && i < last
  if (!call.args.filter(isCondition).every((arg) => needsBoolean(call, arg))) return undefined
  const type = unify(call, call.args.filter((arg, i) => !isCondition(arg, i)), 'The results') // prettier-ignore
  return type && { type }
}

function ifsClosure(args: readonly Closure[]): Closure {
  const last = args.length - 1
  return (c) => {
    for (let i = 0; i < last; i += 2) if (args[i]!(c) === true) return args[i + 1]!(c)
    return args[last]!(c)
  }
}

export const logic: readonly FunctionDef[] = [
  {
    name: 'AND',
    group: 'Logic',
    signature: 'AND(condition, …)',
    summary: 'True when all conditions are true. Stops at the first that is not.',
    min: 1,
    max: Infinity,
    check: checkAll,
    closure: (call, build) => {
      const [first, second] = call.args.map((arg) => fieldTest(arg, build))
      return call.args.length === 2 && first && second ? testClosure(first, second) : allOf(call.args.map(build))
    },
    sql: (call, build) => junction('AND', call.args.map(build.part)),
  },
  {
    name: 'OR',
    group: 'Logic',
    signature: 'OR(condition, …)',
    summary: 'True when at least one condition is true. Stops at the first that is.',
    min: 1,
    max: Infinity,
    check: checkAll,
    closure: (call, build) => anyOf(call.args.map(build)),
    sql: (call, build) => junction('OR', call.args.map(build.part)),
  },
  {
    name: 'NOT',
    group: 'Logic',
    signature: 'NOT(condition)',
    summary: 'True when the condition is false. A blank condition stays blank.',
    min: 1,
    max: 1,
    check: (call) =>
      needsBoolean(call, call.args[0]!) ? { type: 'Boolean', nullable: call.args[0]!.nullable } : undefined,
    closure: (call, build) => {
      const test = fieldTest(call.args[0]!, build)
      if (test) return testClosure({ ...test, wanted: !test.wanted })
      const node = call.args[0]!
      const condition = build(node)
      if (!node.nullable) return (c) => condition(c) !== true
      return (c) => {
        const value = condition(c)
        return value === null ? null : value !== true
      }
    },
    sql: (call, build) => negation(build.part(call.args[0]!)),
  },
  {
    name: 'IF',
    group: 'Logic',
    signature: 'IF(condition, result_if_true, result_if_false)',
    summary: 'Gives one result when the condition is true, the other when it is false or blank.',
    min: 3,
    max: 3,
    converted: priorTexts,
    check: checkIf,
    closure: (call, build) => {
      const [condition, yes, no] = call.args.map(build) as [Closure, Closure, Closure]
      return (c) => (condition(c) === true ? yes(c) : no(c))
    },
    fast: (call, build) => {
      const condition = build.value(call.args[0]!)
      const [yes, no] = call.args.slice(1).map(build.number) as [FastClosure, FastClosure]
      return (c) => (condition(c) === true ? yes(c) : no(c))
    },
    sql: (call, build) => choice(build, call.type, [build.part(call.args[0]!)], call.args.slice(1).map(build.part)),
  },
  {
    name: 'IFS',
    group: 'Logic',
    signature: 'IFS(condition, result, …, else_result)',
    summary: 'Gives the result after the first condition that is true, else the last result.',
    min: 3,
    max: Infinity,
    converted: priorTexts,
    check: checkIfs,
    closure: (call, build) => ifsClosure(call.args.map(build)),
    sql: (call, build) => {
      const parts = call.args.map(build.part)
      const last = parts.length - 1
      return choice(build, call.type, parts.filter((_, i) => i % 2 === 0 && i < last), parts.filter((_, i) => i % 2 === 1 || i === last)) // prettier-ignore
    },
  },
  {
    name: 'IFERROR',
    group: 'Logic',
    signature: 'IFERROR(value, value_if_error)',
    summary: 'Gives the second value when working out the first is an error, such as a division by zero.',
    min: 2,
    max: 2,
    converted: priorTexts,
    check: (call) => {
      const type = unify(call, call.args, 'The values')
      return type && { type }
    },
    closure: (call, build) => {
      const [value, instead] = call.args.map(build) as [Closure, Closure]
      return (c) => {
        try {
          return value(c)
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          return instead(c)
        }
      }
    },
    noSql: 'a database stops at an error and can not go on with another value',
  },
]
