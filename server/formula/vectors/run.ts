import { parseInstant, type Value } from '#util'
import {
  compile,
  parseToSexpr,
  type CompiledFormula,
  type FieldInfo,
  type FormulaResult,
  type FormulaType,
  type Scope,
} from '../index.ts'
import { closureOf } from '../compile.ts'
import { failureFinding } from '../failure.ts'
import { internalsOf } from '../internals.ts'
import { Num, numberValue, parseNumber, roundTo } from '../numbers.ts'
import { scopeOf } from '../scope.ts'

/** One line of a formula vector file. */
export interface FormulaRow {
  readonly name: string
  readonly formula: string
  readonly returnType: string
  readonly fields: readonly RowField[]
  readonly data: { readonly [name: string]: unknown }
  readonly nullAsZero: boolean
  readonly scale?: number
  readonly expected: unknown
  readonly compare?: string
  readonly timezone?: string
  readonly trimmed?: boolean
  readonly hostCoercion?: boolean
  readonly note?: string
  readonly hard?: boolean
  readonly documentedOnly?: boolean
  /** Own rows: the values before the save, whether the record is a copy. */
  readonly prior?: { readonly [name: string]: unknown }
  readonly isClone?: boolean
  readonly now?: string
  readonly source?: string
}
interface RowField {
  readonly name: string
  readonly type: string
  readonly scale?: number
  readonly precision?: number
  readonly length?: number
  readonly values?: readonly string[]
  readonly formula?: string
}
export interface VectorOutcome {
  readonly passed: number
  readonly failed: readonly string[]
  readonly notes: readonly string[]
}

const TYPES: { readonly [type: string]: FormulaType } = {
  Double: 'Number',
  Integer: 'Number',
  Currency: 'Number',
  Percent: 'Number',
  Boolean: 'Boolean',
  DateOnly: 'Date',
  DateTime: 'DateTime',
  TimeOnly: 'Time',
  Geolocation: 'Geolocation',
  Picklist: 'Picklist',
  MultiPicklist: 'MultiselectPicklist',
  Null: 'Null',
}
const TEXTS = new Set(['Text', 'TextArea', 'LongTextArea', 'Phone', 'Email', 'Url', 'EntityId', 'Id', 'Error'])
const typeOf = (type: string): FormulaType => TYPES[type] ?? 'Text'

/** Runs the lines of a `formula` or `formula-parse` file. */
export function run(kind: string, lines: readonly string[]): VectorOutcome {
  const failed: string[] = []
  const tally = new Map<string, { passed: number; failed: number }>()
  const unknown = new Set<string>()
  lines.forEach((line, index) => {
    if (line === '') return
    const problem = problemOf(kind, line, unknown)
    if (problem !== undefined) failed.push(`line ${index + 1}: ${problem}`)
    const group = groupOf(line)
    const count = tally.get(group) ?? { passed: 0, failed: 0 }
    tally.set(group, {
      passed: count.passed + (problem === undefined ? 1 : 0),
      failed: count.failed + (problem === undefined ? 0 : 1),
    })
  })
  const notes = [...tally].map(([group, count]) => `${group}: ${count.passed} passed, ${count.failed} failed`)
  if (unknown.size > 0) notes.push(`unknown types, taken as text: ${[...unknown].join(', ')}`)
  const passed = lines.filter((line) => line !== '').length - failed.length
  return { passed, failed, notes: kind === 'formula' ? notes : [] }
}

function groupOf(line: string): string {
  if (/"hard"\s*:\s*true/.test(line)) return 'hard'
  return /"documentedOnly"\s*:\s*true/.test(line) ? 'documentedOnly, not hard' : 'others'
}

function problemOf(kind: string, line: string, unknown: Set<string>): string | undefined {
  try {
    const row = JSON.parse(line) as { readonly [key: string]: unknown }
    if (typeof row['formula'] !== 'string') return 'it has no formula'
    if (kind === 'formula-parse') return parseProblem({ formula: row['formula'], sexpr: row['sexpr'] })
    if (row['expected'] === undefined) return 'it says nothing of what is expected'
    const whole = completed(row)
    for (const type of [whole.returnType, ...whole.fields.map((field) => field.type)])
      if (!TYPES[type] && !TEXTS.has(type)) unknown.add(type)
    return formulaProblem(whole)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What a row leaves out: no fields, no data, blanks as zeroes, any result. */
function completed(row: { readonly [key: string]: unknown }): FormulaRow {
  const { fields = [], data, scale } = row
  if (!Array.isArray(fields) || !fields.every((field: Partial<RowField> | null) => typeof field?.name === 'string'))
    throw new Error('its fields are not a list of names and types')
  return {
    ...(row as unknown as FormulaRow),
    returnType: String(row['returnType'] ?? 'Null'),
    fields: (fields as RowField[]).map((field) => ({ ...field, type: String(field.type ?? 'Text') })),
    data: typeof data === 'object' && data !== null ? (data as FormulaRow['data']) : {},
    nullAsZero: row['nullAsZero'] !== false,
    scale: scale === undefined || scale === null ? undefined : Number(scale),
  }
}

function parseProblem(row: { formula: string; sexpr: unknown }): string | undefined {
  const actual = parseToSexpr(row.formula)
  return (actual ?? null) === row.sexpr
    ? undefined
    : `${row.formula}: expected ${row.sexpr}, got ${actual ?? 'a syntax error'}`
}

/** Undefined when the row holds, else what is wrong. */
export function formulaProblem(row: FormulaRow): string | undefined {
  const result = evaluateRow(row)
  if (agrees(row, result)) return undefined
  const got = result.ok ? JSON.stringify(result.value) : `error ${result.finding.message}`
  return `${row.name ?? ''}: ${row.formula} with ${JSON.stringify(row.data)}: expected ${JSON.stringify(row.expected)}, got ${got}`
}

const UNCHECKED = new Set(['Date', 'DateTime', 'Null'])

export function evaluateRow(row: FormulaRow): FormulaResult {
  const { formula, findings } = compileRow(row)
  if (!formula) return { ok: false, finding: findings.find((finding) => finding.severity === 'error')! }
  const context = contextOf(row)
  if (row.note?.startsWith('tri-state')) return rawResult(formula, context)
  return formula.evaluate(context)
}

export function contextOf(row: FormulaRow) {
  const prior = row.prior ? { prior: recordOf(row, row.prior) } : {}
  const now = parseInstant(row.now ?? '2020-04-26T18:10:23Z')!
  return { record: recordOf(row, row.data), ...prior, isClone: row.isClone, now, timeZone: row.timezone ?? 'GMT' }
}

/** Boolean rows that tell null from false look at the value before it becomes one of true and false. */
function rawResult(formula: CompiledFormula, context: ReturnType<typeof contextOf>): FormulaResult {
  try {
    return { ok: true, value: closureOf(internalsOf(formula)!.root)(context) as Value }
  } catch (error) {
    return { ok: false, finding: failureFinding(error) }
  }
}

export function compileRow(row: FormulaRow) {
  const returnType = row.returnType === 'Error' ? undefined : typeOf(row.returnType)
  const checked = returnType && !UNCHECKED.has(returnType) ? { returnType } : {}
  const scale = row.scale === undefined ? {} : { scale: row.scale }
  return compile(row.formula, {
    scope: rowScope(row),
    blanks: row.nullAsZero ? 'zero' : 'blank',
    percent: row.returnType === 'Percent',
    ...checked,
    ...scale,
  })
}

/** Formula fields are compiled when they are first read, so that they may read each other in any order. */
export function rowScope(row: FormulaRow): Scope {
  const compiled = new Map<string, CompiledFormula>()
  const open = new Set<string>()
  const plain = scopeOf('Record', row.fields.map((field) => ({ path: field.name, type: typeOf(field.type), percent: field.type === 'Percent', scale: field.scale, precision: field.precision, picklistValues: field.values }))) // prettier-ignore
  const scope: Scope = {
    ...plain,
    resolve: (path) => {
      const info = plain.resolve(path) ?? undeclared(path, row.fields)
      const field = row.fields.find((one) => one.name === info?.path)
      if (!info || !field?.formula) return info
      if (open.has(field.name)) throw new Error(`the formula field ${field.name} reads itself`)
      open.add(field.name)
      const known =
        compiled.get(field.name) ?? compile(field.formula, { scope, blanks: row.nullAsZero ? 'zero' : 'blank' }).formula
      open.delete(field.name)
      if (known) compiled.set(field.name, known)
      return known && { ...info, formula: known, formulaPrefix: '' }
    },
  }
  return scope
}

/** A row may leave out a field of a parent; then the field of that name which it does declare says the type, and the value is blank. */
function undeclared(path: readonly string[], fields: readonly RowField[]): FieldInfo | undefined {
  const [last, ...parents] = path.map((segment) => segment.toLowerCase()).toReversed()
  const parent = parents.toReversed().join('.')
  const like = fields.find((field) => field.name.toLowerCase().split('.').at(-1) === last)
  if (!like || parents.length === 0 || !fields.some((field) => field.name.toLowerCase().startsWith(`${parent}.`)))
    return undefined
  return { path: path.join('.'), type: typeOf(like.type), percent: like.type === 'Percent', nullable: true, hops: parents.length } // prettier-ignore
}

function recordOf(row: FormulaRow, data: { readonly [name: string]: unknown }) {
  const record: { [path: string]: Value } = Object.create(null)
  const fields = new Map(row.fields.map((field) => [field.name.toLowerCase(), field]))
  const put = (value: unknown, path: string): void => {
    const field = fields.get(path.toLowerCase())
    if (value === null || value === undefined) return
    if (typeof value === 'object' && !Array.isArray(value) && !field)
      return Object.entries(value).forEach(([key, inner]) => put(inner, path ? `${path}.${key}` : key))
    record[field?.name ?? path] = jsonValue(value, field, row.hostCoercion === true)
  }
  put(data, '')
  return record
}

function jsonValue(value: unknown, field: RowField | undefined, coerce: boolean): Value {
  const type = typeOf(field?.type ?? 'Text')
  if (type === 'Geolocation' && Array.isArray(value)) return { latitude: Number(value[0]), longitude: Number(value[1]) }
  if (type === 'Number' && typeof value === 'string') {
    const number = parseNumber(value)
    if (number) return numberValue(coerce && field?.scale !== undefined ? roundTo(number, field.scale) : number)
  }
  if (coerce && type === 'Text' && field?.length !== undefined) return String(value).slice(0, field.length)
  return value as Value
}

function agrees(row: FormulaRow, result: FormulaResult): boolean {
  const { expected } = row
  if (!result.ok) return typeof expected === 'object' && expected !== null && 'error' in expected
  const actual = result.value
  if (actual === null || expected === null || expected === '') return (actual ?? '') === (expected ?? '')
  if (typeof expected === 'object') return JSON.stringify(actual) === JSON.stringify(expected)
  if (typeof expected === 'boolean' || typeof actual === 'boolean') return actual === expected
  const type = typeOf(row.returnType)
  if (type === 'Number') return sameNumber(String(actual), String(expected), row.compare === 'approx')
  if (type === 'Date' || type === 'DateTime') return instantOf(String(actual)) === instantOf(String(expected))
  return row.trimmed
    ? String(actual).trim() === String(expected).trim()
    : asAttribute(String(actual)) === asAttribute(String(expected))
}

/** The public rows come from XML attributes, in which a tab or a carriage return is read as a blank. */
const asAttribute = (text: string): string => text.replace(/[\t\r]/g, ' ')

const TOLERANCE = new Num('1e-12')

function sameNumber(actual: string, expected: string, approximately: boolean): boolean {
  const [a, b] = [parseNumber(actual), parseNumber(expected)]
  if (!a || !b) return false
  return approximately
    ? a
        .minus(b)
        .abs()
        .lte(TOLERANCE.times(Num.max(a.abs(), b.abs(), 1)))
    : a.eq(b)
}

const instantOf = (text: string): number | undefined => parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text)
