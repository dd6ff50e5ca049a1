/** sum, avg, min, max and percentile, with the same digits on both databases. */
import type { Dialect } from '#database'
import { quote } from '#database'
import type { FieldDef } from '#metadata'
import { selectJson } from '../codec.ts'
import type { Slot } from '../query-tree.ts'
import { param } from './build.ts'
import type { Build } from './build.ts'
import { QueryError } from './errors.ts'
import { slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'

export type Measure =
  | { readonly kind: 'sum' | 'avg' | 'min' | 'max'; readonly field: FieldDef }
  | { readonly kind: 'percentile'; readonly field: FieldDef; readonly p: Slot }

/** Beyond them a number goes as text. */
export const EXACT_DIGITS = 15
const MAX_DIGITS = 18

/** An average has up to four digits more than its field, as far as 18 digits in all go; rounded half away from zero. */
export const averageDigits = (field: FieldDef): number => Math.min(4, Math.max(0, MAX_DIGITS - wholeDigits(field)))
const wholeDigits = (field: FieldDef): number => (field.storage === 'decimal' ? field.precision : MAX_DIGITS - 4)

/** `column`: name of the measured value in the rows of a group. Decimals are in stored form on SQLite: scaled integers. */
export function measureSql(build: Build, measure: Measure, column: string): string {
  const value = quote(column)
  if (measure.kind === 'percentile') return percentile(build, measure.p, column)
  if (measure.kind !== 'avg') return `${measure.kind}(${value})`
  const extra = averageDigits(measure.field)
  if (build.dialect === 'postgres')
    return `round(sum(${value}) / nullif(count(${value}), 0), ${digitsOf(measure.field) + extra})`
  return integerAverage(`abs(sum(${value}))`, `nullif(count(${value}), 0)`, 10 ** extra) + ` * sign(sum(${value}))`
}

/** Quotient and remainder apart, so that nothing grows beyond 64 bits. */
const integerAverage = (sum: string, count: string, factor: number): string =>
  `(${sum} / ${count} * ${factor} + (${sum} % ${count} * ${2 * factor} + ${count}) / (2 * ${count}))`

const digitsOf = (field: FieldDef): number => (field.storage === 'decimal' ? field.scale : 0)

/** The smallest value that at least this share of the values does not exceed (SQL's percentile_disc). */
function percentile(build: Build, p: Slot, column: string): string {
  const share = param(build, (run) => checkedShare(p, run), 'float8')
  if (build.dialect === 'postgres') return `percentile_disc(${share}) within group (order by ${quote(column)})`
  return `max(case when ${quote(`rank ${column}`)} = max(1, ceil(${share} * ${quote(`of ${column}`)})) then ${quote(column)} end)`
}

function checkedShare(slot: Slot, run: Run): number {
  const p = slotValue(slot, run)
  if (typeof p !== 'number' || !(p >= 0 && p <= 1))
    throw new QueryError('WRONG_TYPE', 'The p of a percentile is a number from 0 to 1, such as 0.9.')
  return p
}

/** The field as whose value the result is compared. A sum may have more digits than what it sums. */
export function measuredAs({ kind, field }: Measure): FieldDef {
  if (kind !== 'sum' && kind !== 'avg') return field
  const scale = digitsOf(field) + (kind === 'avg' ? averageDigits(field) : 0)
  return { ...field, storage: 'decimal', precision: MAX_DIGITS, scale }
}

/** JSON of the result, in the row `alias`. A sum is printed with all its digits, as a number where its field is one. */
export function measureJson(dialect: Dialect, measure: Measure, alias: string, name: string): string {
  const { field } = measure
  if (measure.kind === 'sum') return numberJson(dialect, { ...field, column: name }, alias, field.precision)
  if (measure.kind === 'avg')
    return numberJson(
      dialect,
      { ...field, storage: 'decimal', scale: digitsOf(field) + averageDigits(field), column: name },
      alias,
      field.precision,
    )
  return selectJson(dialect, { ...field, column: name }, alias)
}

/** Printed as text from the integer's own digits, because a double holds 15; then read as a number again where the field is one. */
function numberJson(dialect: Dialect, field: FieldDef, alias: string, precision: number): string {
  const text = selectJson(dialect, { ...field, precision: EXACT_DIGITS + 1 }, alias)
  if (precision > EXACT_DIGITS && field.storage === 'decimal') return text
  return dialect === 'sqlite' ? `json(${text})` : selectJson(dialect, { ...field, precision: EXACT_DIGITS }, alias)
}
