import type { FastBuild, FastClosure } from '../fast/bound.ts'
import type { Closure } from '../runtime.ts'
import type { SqlBuilder } from '../sql/build.ts'
import { aligned } from '../sql/numbers.ts'
import { eitherGuard, greatest, guardWhen, type SqlPart } from '../sql/part.ts'
import type { Typed, TypedCall } from '../typed.ts'
import { priorTexts } from './conversion.ts'
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

const fastIsBlank =
  (value: FastClosure): Closure =>
  (c) =>
    Number.isNaN(value(c))

function fastSubstitute(call: TypedCall, build: FastBuild): FastClosure {
  const [value, instead] = call.args.map(build.number) as [FastClosure, FastClosure]
  return (c) => {
    const first = value(c)
    return Number.isNaN(first) ? instead(c) : first
  }
}

function isBlankSql(part: SqlPart, never: boolean): SqlPart {
  const sql = never || !part.nullable ? 'FALSE' : `(${part.sql} IS NULL)`
  return {
    type: 'Boolean',
    sql: part.constant === null && !never ? 'TRUE' : sql,
    guard: part.guard,
    nullable: false,
    denominator: 1n,
    bound: 0n,
  }
}

/** The substitute counts, its errors too, only where the value is blank. */
function substituteSql(call: TypedCall, build: SqlBuilder): SqlPart {
  const parts = call.args.map(build.part)
  const [value, instead] = (call.type === 'Number' ? aligned(build, ...parts) : parts) as [SqlPart, SqlPart]
  if (!value.nullable) return { ...value, type: call.type }
  const guard = eitherGuard(value.guard, guardWhen(`${value.sql} IS NULL`, instead.guard))
  return {
    type: call.type,
    sql: `COALESCE(${value.sql}, ${instead.sql})`,
    guard,
    nullable: instead.nullable,
    denominator: value.denominator,
    bound: greatest(value.bound, instead.bound),
  }
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
    fastValue: (call, build) => fastIsBlank(build.number(call.args[0]!)),
    sql: (call, build) => isBlankSql(build.part(call.args[0]!), false),
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
    fastValue: (call, build) => fastIsBlank(build.number(call.args[0]!)),
    sql: (call, build) => isBlankSql(build.part(call.args[0]!), neverNull(call.args[0]!)),
  },
  {
    name: 'BLANKVALUE',
    group: 'Logic',
    signature: 'BLANKVALUE(value, substitute)',
    summary: 'The value, or the substitute when the value is blank.',
    min: 2,
    max: 2,
    converted: priorTexts,
    check: checkSubstitute,
    closure: (call, build) => substitute(build(call.args[0]!), build(call.args[1]!)),
    fast: fastSubstitute,
    sql: substituteSql,
  },
  {
    name: 'NULLVALUE',
    group: 'Logic',
    signature: 'NULLVALUE(value, substitute)',
    summary: 'As BLANKVALUE, but never substitutes a text. Prefer BLANKVALUE.',
    min: 2,
    max: 2,
    converted: priorTexts,
    check: checkSubstitute,
    closure: (call, build) =>
      call.type === 'Text' ? build(call.args[0]!) : substitute(build(call.args[0]!), build(call.args[1]!)),
    fast: fastSubstitute,
    sql: (call, build) => (call.type === 'Text' ? build.part(call.args[0]!) : substituteSql(call, build)),
  },
]
