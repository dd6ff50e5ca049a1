/** What a check of the data says, in which words. */
import { quote } from '#database'
import type { SqlValue } from '#database'
import type { Catalog, FieldDef, FieldOn, ObjectDef } from '#metadata'
import type { Finding, Value } from '#util'
import { selectJson } from '../codec.ts'
import { jsonArray } from '../write/json-array.ts'
import type { DialectReader } from '../write/read.ts'
import { EXAMPLES, type Affected } from './affected.ts'
import { columnOf } from './spec.ts'

/** Whether whoever asks may see values of a field. */
export type Shows = (on: FieldOn) => boolean

/** One field of one object, before and after; `before` is absent for a new one. */
export interface DataChange {
  readonly reader: DialectReader
  readonly object: ObjectDef
  readonly before: FieldDef | undefined
  readonly field: FieldDef
  /** The objects whose tables are there. */
  readonly tables: Catalog
  readonly next: Catalog
  readonly shows: Shows
}

export interface DataReport {
  /** Errors: the change can't be applied. Warnings: what is against the new rule. */
  readonly findings: Finding[]
  /** Values that would be lost, how many and ten of them: somebody has to agree. */
  readonly losses: string[]
}

export const warning = (code: string, message: string, hint: string): Finding => ({ code, severity: 'warning', message, hint }) // prettier-ignore

export const records = (n: number): string => (n === 1 ? '1 record' : `${n.toLocaleString('en')} records`)
export const nameOf = ({ object, field }: Pick<DataChange, 'object' | 'field'>): string =>
  `${object.name}.${field.name}`

export const isLive = ({ dialect }: DialectReader, object: ObjectDef): string =>
  `t.${quote(columnOf(object, 'IsDeleted'))} = ${dialect === 'sqlite' ? '0' : 'false'}`

export async function count(
  reader: DialectReader,
  object: ObjectDef,
  condition: string,
  params: readonly SqlValue[] = [],
): Promise<number> {
  const sql = `SELECT count(*) AS n FROM ${quote(object.table)} t WHERE ${condition}`
  return Number((await reader.get<{ n: number | string }>(sql, params))!.n)
}

/** The values of the field as it is, in the rows for which the condition holds. */
export async function affectedBy(
  { reader, object, before }: DataChange,
  condition: string,
  params: readonly SqlValue[] = [],
): Promise<Affected> {
  const n = await count(reader, object, condition, params)
  if (n === 0 || !before) return { count: n, examples: [] }
  const value = jsonArray(reader.dialect, [selectJson(reader.dialect, before, 't')])
  const sql = `SELECT ${value} AS v FROM ${quote(object.table)} t WHERE ${condition} ORDER BY t.${quote(columnOf(object, 'Id'))} LIMIT ${EXAMPLES}`
  const rows = await reader.all<{ v: string }>(sql, params)
  return { count: n, examples: rows.map(({ v }) => (Object.values(JSON.parse(v) as object) as Value[])[0] ?? null) }
}

/** `: “abc”, “$5”`, for those who may read the field. */
export function examplesOf(
  change: DataChange,
  { count: n, examples }: Affected,
  show: (v: Value) => string = quoted,
): string {
  if (!change.before || !change.shows({ object: change.object, field: change.before })) return ''
  return `: ${examples.map(show).join(', ')}${n > examples.length ? ' …' : ''}`
}

const LONGEST = 60

export function quoted(value: Value): string {
  const plain = Array.isArray(value) ? value.join(';') : value
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
  return `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`
}
