import { caseParts, blankMatches } from '../functions/case-parts.ts'
import type { TypedCall } from '../typed.ts'
import type { FormulaType } from '../types.ts'
import type { SqlBuilder } from './build.ts'
import { compare } from './comparison.ts'
import { aligned } from './numbers.ts'
import { eitherGuard, greatest, guardWhen, solid, type SqlPart } from './part.ts'

const base = { type: 'Boolean', denominator: 1n, bound: 0n } as const

const not = (part: SqlPart): string => `NOT ${solid(part)}`

/** AND, OR: a blank condition is false, and what follows the deciding one is not an error any more. */
export function junction(word: 'AND' | 'OR', parts: readonly SqlPart[]): SqlPart {
  const nullable = parts.some((part) => part.nullable || part.nullIsFalse)
  const guards = parts.map((part, i) => {
    if (part.guard === undefined || i === 0) return part.guard
    const before = parts.slice(0, i).map((one) => (word === 'AND' ? solid(one) : not(one)))
    return guardWhen(before.join(' AND '), part.guard)
  })
  return {
    ...base,
    sql: `(${parts.map((part) => part.sql).join(` ${word} `)})`,
    guard: eitherGuard(...guards),
    nullable: false,
    nullIsFalse: nullable,
  }
}

export const negation = (part: SqlPart): SqlPart => ({
  ...base,
  sql: part.nullIsFalse ? `(${not(part)})` : `(NOT ${part.sql})`,
  guard: part.guard,
  nullable: part.nullable,
})

/** Branches of one type; numbers over one denominator; a Boolean's NULL means the same in each. */
function branches(build: SqlBuilder, type: FormulaType, parts: readonly SqlPart[]): readonly SqlPart[] {
  if (type === 'Number') return aligned(build, ...parts.map((part) => ({ ...part, divisor: undefined })))
  return parts.map((part) =>
    part.nullIsFalse ? { ...part, sql: solid(part), nullIsFalse: false, nullable: false } : part,
  )
}

/** The first branch whose condition holds, else `otherwise`; guards count only where they are reached. */
export function choice(
  build: SqlBuilder,
  type: FormulaType,
  conditions: readonly SqlPart[],
  results: readonly SqlPart[],
): SqlPart {
  const even = branches(build, type, results)
  const last = even[even.length - 1]!
  const whens = conditions.map((condition, i) => `WHEN ${condition.sql} THEN ${even[i]!.sql}`)
  let guard = last.guard
  for (let i = conditions.length - 1; i >= 0; i--) {
    const condition = conditions[i]!
    guard = eitherGuard(condition.guard, guardWhen(solid(condition), even[i]!.guard), guardWhen(not(condition), guard))
  }
  const sql = `CASE ${whens.join(' ')} ELSE ${last.sql} END`
  const divisor = results.some((part) => part.divisor) ? chosenDivisor(conditions, results) : undefined
  return {
    type,
    sql,
    guard,
    nullable: even.some((part) => part.nullable),
    denominator: last.denominator,
    bound: greatest(...even.map((part) => part.bound)),
    ...(divisor ? { divisor } : {}),
  }
}

/** That of the branch taken; 1 where it is no quotient. */
function chosenDivisor(conditions: readonly SqlPart[], results: readonly SqlPart[]): NonNullable<SqlPart['divisor']> {
  const texts = results.map((part) => part.divisor?.sql ?? '1')
  const whens = conditions.map((condition, i) => `WHEN ${condition.sql} THEN ${texts[i]}`)
  const bound = greatest(1n, ...results.map((part) => part.divisor?.bound ?? 1n))
  return { sql: `(CASE ${whens.join(' ')} ELSE ${texts.at(-1)} END)`, bound }
}

/** CASE compares as = does: a blank text or picklist matches "", a blank number or date matches nothing. */
export function caseSql(call: TypedCall, build: SqlBuilder): SqlPart {
  const { subject, pairs, otherwise } = caseParts(call.args)
  const value = build.part(subject)
  const conditions = pairs.map(([when]) => matches(build, value, build.part(when)))
  return choice(build, call.type, conditions, [...pairs.map(([, then]) => build.part(then)), build.part(otherwise)])
}

function matches(build: SqlBuilder, value: SqlPart, when: SqlPart): SqlPart {
  const textual = blankMatches(value.type) || blankMatches(when.type)
  if (!textual) return compare(build, '=', value, when)
  return compare(build, '=', { ...value, type: 'Text' }, { ...when, type: 'Text' })
}

/** IN: a blank is none of them, and what follows the one it equals is not looked at. */
export function oneOf(build: SqlBuilder, value: SqlPart, ...others: readonly SqlPart[]): SqlPart {
  const there = { ...base, sql: `(${value.sql} IS NOT NULL)`, guard: value.guard, nullable: false }
  const any = junction('OR', others.map((other) => matches(build, value, other))) // prettier-ignore
  return value.nullable ? junction('AND', [there, any]) : any
}
