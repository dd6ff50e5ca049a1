/** In which words a query, and a list view at its plan, are refused. */
import type { Finding } from '#util'
import type { FieldDef } from '../catalog.ts'
import { formulaSqlFinding } from './formula-in-sql.ts'
import { FILTER_LIMITS, isSortable, operatorsOf, type Operator } from './operators.ts'

const refusal = (code: string, message: string, hint?: string): Finding => ({
  code,
  severity: 'error',
  message,
  ...(hint !== undefined && { hint }),
})

/** Why a field can't be compared so; empty when it can. */
export function operatorFindings(field: FieldDef, operator: string): Finding[] {
  const formula = formulaSqlFinding(field, 'filtered')
  const offered = operatorsOf(field)
  const fits = offered.includes(operator as Operator)
  return [
    ...(formula ? [formula] : []),
    ...(fits ? [] : [refusal('OPERATOR', `${field.name} can't be compared with "${operator}".`, `Use ${offered.join(', ')}.`)]),
  ] // prettier-ignore
}

/** Why records can't be sorted by a field, which stands at `path`; empty when they can. */
export function sortFindings(field: FieldDef, path: string): Finding[] {
  const formula = formulaSqlFinding(field, 'sorted')
  const hint = 'Sort by a text, number, date, picklist, checkbox or reference field.'
  return [
    ...(isSortable(field) ? [] : [refusal('NOT_SORTABLE', `Records can't be sorted by ${path}.`, hint)]),
    ...(formula ? [formula] : []),
  ]
}

export const TOO_COMPLEX = refusal(
  'TOO_COMPLEX',
  `A query has at most ${FILTER_LIMITS.conditions} conditions, nested ${FILTER_LIMITS.depth} deep.`,
  'Use "in" for many values of one field.',
)
