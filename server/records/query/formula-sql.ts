/** Formula fields in a query: where SQL computes them, and the words for where it can't. */
import type { FieldDef } from '#metadata'
import type { Finding } from '#util'

/** `use`: filtered, sorted or grouped. Undefined when the field may be used so. */
export function formulaSqlFinding(field: FieldDef, use: string): Finding | undefined {
  if (field.type !== 'Formula') return undefined
  return {
    code: 'FORMULA_NOT_IN_SQL',
    severity: 'error',
    message: `Records can't be ${use} by ${field.name}: it is a formula.`,
  }
}
