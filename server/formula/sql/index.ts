import { formulaError } from '../messages.ts'
import { internalsOf } from '../internals.ts'
import type { CompiledFormula, SqlEnvironment, SqlResult } from '../types.ts'
import { beginWork } from '../work.ts'
import { SqlBuilder } from './build.ts'
import { exactScale, rounded } from './numbers.ts'
import { solid, SqlRefusal, type SqlPart } from './part.ts'

/**
 * SQL of a formula, for the class of formulas whose SQL gives exactly what `evaluate` gives; for any other a finding that says in words why it
 * can't be filtered, sorted or grouped on. `where` asks for the form that an index can serve, in which a Boolean's NULL counts as false.
 * `bind` and `parameter` are called once for each place they stand in, in the order of the text, first of `sql`, then of `guard`.
 */
export function toSql(
  formula: CompiledFormula,
  environment: SqlEnvironment,
  use: 'value' | 'where' = 'value',
): SqlResult {
  const kept = internalsOf(formula)
  if (!kept) return refusal('it was not compiled here')
  const build = new SqlBuilder(environment)
  beginWork()
  try {
    const part = build.part(kept.root)
    const result = finished(build, { ...part, type: formula.type }, kept.options.scale, kept.options.percent === true)
    if (use === 'where' && formula.type === 'Boolean')
      return { ok: true, type: formula.type, ...placed(build, { ...result, sql: part.sql }) }
    return { ok: true, type: formula.type, ...placed(build, result) }
  } catch (error) {
    if (error instanceof SqlRefusal) return refusal(error.reason, error.node?.at)
    throw error
  }
}

interface Finished {
  readonly sql: string
  readonly guard?: string
  readonly scale?: number
}

function finished(build: SqlBuilder, part: SqlPart, scale: number | undefined, percent: boolean): Finished {
  if (part.type === 'Boolean') return { sql: solid(part), guard: part.guard }
  if (part.type === 'Number') return finishedNumber(build, part, scale, percent)
  if (part.type === 'MultiselectPicklist' || part.type === 'Geolocation')
    throw new SqlRefusal('it works with places or several values')
  return { sql: part.sql, guard: part.guard }
}

/** As a stored number is: SQLite a whole number times 10^scale, PostgreSQL a numeric. */
function finishedNumber(build: SqlBuilder, part: SqlPart, wanted: number | undefined, percent: boolean): Finished {
  const shown = percent
    ? build.checked({
        ...part,
        sql: `(${part.sql} * 100)`,
        bare: undefined,
        constant: undefined,
        bound: part.bound * 100n,
      })
    : part
  const scale = wanted ?? exactScale(shown)
  if (scale < 0) throw new SqlRefusal('its result has a scale below zero')
  const result = rounded(build, shown, 10n ** BigInt(scale), 'half')
  if (result.bound >= 10n ** 28n) throw new SqlRefusal('its result may have more than 28 digits')
  const sql = build.sqlite || scale === 0 ? result.sql : `((${result.sql})::numeric * 0.${'0'.repeat(scale - 1)}1)`
  return { sql, guard: part.guard, scale }
}

function placed(build: SqlBuilder, result: Finished): Finished {
  const sql = build.finish(result.sql)
  const guard = result.guard === undefined ? {} : { guard: build.finish(result.guard) }
  return { sql, ...guard, ...(result.scale === undefined ? {} : { scale: result.scale }) }
}

function refusal(reason: string, at?: { readonly start: number; readonly end: number }): SqlResult {
  const message = `This formula can't be filtered, sorted or grouped on: ${reason}.`
  return {
    ok: false,
    finding: formulaError(
      'NOT_IN_SQL',
      message,
      at,
      'Filter on the fields it reads instead, or keep its result in a field that a process sets.',
    ),
  }
}
