import { toSql, type CompiledFormula } from '#formula'
import type { Finding } from '#util'
import type { FieldDef } from '../catalog.ts'

const refusals = new WeakMap<CompiledFormula, Finding | 'none'>()

/** Why a formula can't be computed by both databases just as it is evaluated; undefined when it can. Where the columns stand does not matter for it. */
export function formulaSqlRefusal(formula: CompiledFormula): Finding | undefined {
  const known = refusals.get(formula) ?? refusalOf(formula)
  refusals.set(formula, known)
  return known === 'none' ? undefined : known
}

function refusalOf(formula: CompiledFormula): Finding | 'none' {
  const results = (['sqlite', 'postgres'] as const).map((dialect) => toSql(formula, { dialect, column: () => 'x', bind: () => '?', parameter: () => '?' })) // prettier-ignore
  const refused = results.find((result) => !result.ok)
  return refused && !refused.ok ? refused.finding : 'none'
}

/** Undefined when the field may be filtered, sorted and grouped; else the words for why not. `use`: filtered, sorted, grouped. */
export function formulaSqlFinding(field: FieldDef, use: string): Finding | undefined {
  if (field.type !== 'Formula') return undefined
  const refusal = field.formula && formulaSqlRefusal(field.formula)
  if (field.formula && !refusal) return undefined
  const message = `Records can't be ${use} by ${field.name}.`
  return {
    code: 'FORMULA_NOT_IN_SQL',
    severity: 'error',
    message: refusal ? `${message} ${refusal.message}` : message,
    hint: refusal?.hint,
  }
}
