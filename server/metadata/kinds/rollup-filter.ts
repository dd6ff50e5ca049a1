import { compile, toSql, type CompiledFormula } from '#formula'
import type { Catalog, ObjectDef } from '../catalog.ts'
import { formulaScope } from '../formula-scope.ts'
import type { Report } from '../report.ts'

/** A roll-up is counted by the database when a child is saved: its filter reads the child alone and is the same tomorrow. */
export function checkRollupFilter(catalog: Catalog, child: ObjectDef, filter: string, report: Report): void {
  const { formula } = compile(filter, { scope: formulaScope(catalog, child.name), returnType: 'Boolean' })
  const why = formula && refusalOf(formula, child)
  if (why) report({ code: 'BAD_ROLLUP', path: 'rollup.filter', message: `A roll-up's filter can't do this: ${why}`, hint: `Use fields of ${child.name} itself, for example a checkbox that a save keeps.` }) // prettier-ignore
}

function refusalOf(formula: CompiledFormula, child: ObjectDef): string | undefined {
  const away = formula.paths.find((path) => path.includes('.'))
  if (away) return `${away} may change without a save of the child, and then the count would be wrong.`
  const moving = formula.paths.find((path) => child.field(path)?.computed)
  if (moving) return `${moving} moves with the time of day, without a save of the child.`
  const asked: string[] = []
  for (const dialect of ['sqlite', 'postgres'] as const) {
    const result = toSql(formula, { dialect, column: () => 'x', bind: () => '?', parameter: (name) => (asked.push(name), '?') }) // prettier-ignore
    if (!result.ok) return result.finding.message
  }
  return asked.length > 0 ? 'what it reads of the clock or of the user is another one later, without a save of the child.' : undefined // prettier-ignore
}
