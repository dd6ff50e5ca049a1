/** Records to try conditions on. */
import type { CompiledFormula } from '#formula'
import type { Row, Value } from '#util'

const MOST = 4000

export function holds(formula: CompiledFormula, record: Row): boolean {
  const result = formula.evaluate({ record, prior: record, now: 0 })
  return result.ok && result.value === true
}

/** Every combination of the values that these paths can have; none when one has none, or when there are too many. */
export function combinations(paths: readonly string[], valuesOf: (path: string) => readonly Value[]): Row[] {
  let rows: Row[] = [{}]
  for (const path of paths) {
    const values = valuesOf(path)
    if (values.length === 0 || rows.length * values.length > MOST) return []
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value })))
  }
  return rows
}
