/** A formula field in a selection. Outside the class that SQL computes, the statement prints what the formula reads and the formula itself runs on that. */
import { FUNCTIONS } from '#formula'
import type { CompiledFormula } from '#formula'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { asFormula } from './build.ts'
import type { Build } from './build.ts'
import { selectJson } from '../codec.ts'
import { formulaSql, formulaStep } from './formula-sql.ts'
import { mark } from './marks.ts'
import type { Run } from './run-values.ts'
import { fieldJson } from './selection.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { Source } from './sources.ts'

/** Texts, checkboxes and dates are printed by the statement; a number's digits are the formula room's own, so numbers take the other way. */
export function formulaJson(build: Build, source: Source, field: FieldDef): string {
  const value =
    field.formula && field.formula.type !== 'Number'
      ? formulaSql(build, field, (path) => pathColumn(build, source, path))
      : undefined
  if (!value) return formulaMark(build, source, field)
  const printed = selectJson(build.dialect, { ...value.field, column: 'v' }, 'f')
  return `(select ${printed} from (select ${value.sql} as v) f)`
}

function formulaMark(build: Build, source: Source, field: FieldDef): string {
  const formula = field.formula
  if (!formula) return 'null'
  const paths = readPaths(formula, source.object)
  const values = paths.map((path) =>
    pathValue(build, source, path.split('.'), (owner, end) => fieldJson(build, owner, end)),
  )
  return mark(build, (inputs, run) => evaluate(formula, recordOf(paths, inputs, run), run), values)
}

/** What the statement prints for a formula: what it reads of records, and in whose business hours it counts. */
function readPaths(formula: CompiledFormula, object: ObjectDef): readonly string[] {
  const own = formula.paths.filter((path) => !path.startsWith('$'))
  const hours = usesHours(formula) && object.field(HOURS) && !own.includes(HOURS)
  return hours ? [...own, HOURS] : own
}

const HOURS = 'BusinessHoursId'
const usesHours = (formula: CompiledFormula): boolean =>
  [...formula.analysis.functions].some((name) => FUNCTIONS.get(name)?.group === 'Business time')

const pathColumn = (build: Build, source: Source, path: readonly string[]): string =>
  pathValue(build, source, path, columnOf)

/** Value at the end of a path, each parent looked up by its id. A path that the catalog no longer has is blank. */
function pathValue(
  build: Build,
  source: Source,
  path: readonly string[],
  print: (source: Source, field: FieldDef) => string,
): string {
  const [head = '', ...rest] = path
  if (rest.length === 0) {
    const field = source.object.field(head)
    return field ? print(source, field) : 'null'
  }
  const step = formulaStep(build, source.object, head)
  if (!step) return 'null'
  const parent = fromObject(asFormula(build), step.target)
  parent.conditions.unshift(`${idOf(parent.source)} = ${columnOf(source, step.reference)}`)
  return `(select ${pathValue(build, parent.source, rest, print)} ${parent.text()})`
}

function recordOf(paths: readonly string[], inputs: readonly Value[], run: Run): Row {
  const record = Object.assign(Object.create(null) as Record<string, Value>, run.context.globals)
  paths.forEach((path, i) => (record[path] = inputs[i] ?? null))
  return record
}

/** An error of the formula shows as blank. */
function evaluate(formula: CompiledFormula, record: Row, run: Run): Value {
  const { now, timeZone, lookup, hours } = run.context
  const calendar = hours?.(record[HOURS] ?? null)
  const result = formula.evaluate({ record, now, timeZone, calendar, ...(lookup && { lookup }) })
  return result.ok ? result.value : null
}
