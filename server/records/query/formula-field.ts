/** A formula field in a selection. Outside the class that SQL computes, the statement prints what the formula reads and the formula itself runs on that. */
import type { CompiledFormula } from '#formula'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { asFormula } from './build.ts'
import type { Build } from './build.ts'
import { mark } from './marks.ts'
import type { Run } from './run-values.ts'
import { fieldJson } from './selection.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { Source } from './sources.ts'

export function formulaJson(build: Build, source: Source, field: FieldDef): string {
  const formula = field.formula
  if (!formula) return 'null'
  const paths = formula.paths.filter((path) => !path.startsWith('$'))
  const values = paths.map((path) => pathJson(asFormula(build), source, path.split('.')))
  return mark(build, (inputs, run) => evaluate(formula, recordOf(paths, inputs, run), run), values)
}

/** Value of a path, each parent looked up by its id. A path that the catalog no longer has is blank. */
function pathJson(build: Build, source: Source, path: readonly string[]): string {
  const [head = '', ...rest] = path
  if (rest.length === 0) {
    const field = source.object.field(head)
    return field ? fieldJson(build, source, field) : 'null'
  }
  const reference = source.object.parent(head.split(':')[0]!)
  const target = reference && targetOf(build, reference, head.split(':')[1])
  if (!reference || !target) return 'null'
  const parent = fromObject(build, target)
  parent.conditions.unshift(`${idOf(parent.source)} = ${columnOf(source, reference)}`)
  return `(select ${pathJson(build, parent.source, rest)} ${parent.text()})`
}

const targetOf = (build: Build, reference: FieldDef, picked: string | undefined): ObjectDef | undefined =>
  build.catalog.object(picked ?? reference.reference?.to[0] ?? '')

function recordOf(paths: readonly string[], inputs: readonly Value[], run: Run): Row {
  const record = Object.assign(Object.create(null) as Record<string, Value>, run.context.globals)
  paths.forEach((path, i) => (record[path] = inputs[i] ?? null))
  return record
}

/** An error of the formula shows as blank. */
function evaluate(formula: CompiledFormula, record: Row, run: Run): Value {
  const { now, timeZone } = run.context
  const result = formula.evaluate({ record, now, timeZone })
  return result.ok ? result.value : null
}
