import { quote } from '#database'
import type { Transaction } from '#database'
import { isReturn } from '#metadata'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Value } from '#util'
import { selectJson } from '../codec.ts'
import { jsonArray } from '../write/json-array.ts'
import type { DialectReader } from '../write/read.ts'
import { updateRows } from '../write/update.ts'
import { withValue, type Affected } from './affected.ts'
import { convertValue, sameValue, storedValue } from './convert.ts'
import { columnOf } from './spec.ts'

const BATCH = 1000

/** A field gets another column: `from` is what it was, `to` what it will be. */
export interface Conversion {
  readonly object: ObjectDef
  readonly from: End
  readonly to: End
}

/** A field with the key prefixes of the objects that it may name; absent where it may name any, or holds no ids. */
type End = FieldDef & { readonly prefixes?: readonly string[] }

export function endOf(catalog: Catalog, field: FieldDef): End {
  if (!field.reference || field.reference.any) return field
  return { ...field, prefixes: field.reference.to.flatMap((name) => catalog.object(name)?.keyPrefix ?? []) }
}

/** The new column is one that the field had before, with the values of then. */
const holdsFormer = ({ from, to }: Conversion): boolean =>
  from.document !== undefined && to.document !== undefined && isReturn(from.document, to.document)

interface Held {
  readonly id: string
  readonly value: Value
  /** What the column it goes back to holds; undefined when the column is new. */
  readonly former: Value | undefined
  readonly created: Value
}

async function* heldValues(reader: DialectReader, conversion: Conversion): AsyncGenerator<readonly Held[]> {
  const { object, from, to } = conversion
  const id = quote(columnOf(object, 'Id'))
  const mark = reader.dialect === 'sqlite' ? '?' : '$1'
  const read = [from, object.field('CreatedDate')!, ...(holdsFormer(conversion) ? [to] : [])]
  const fields = read.map((f) => selectJson(reader.dialect, f, 't'))
  const sql = `SELECT t.${id} AS id, ${jsonArray(reader.dialect, fields)} AS v FROM ${quote(object.table)} t WHERE t.${id} > ${mark} ORDER BY t.${id} LIMIT ${BATCH}`
  for (let last = ''; ;) {
    const rows = await reader.all<{ id: string; v: string }>(sql, [last])
    if (rows.length === 0) return
    yield rows.map((row) => held(row, fields.length))
    last = rows.at(-1)!.id
  }
}

function held({ id, v }: { id: string; v: string }, fields: number): Held {
  const [value = null, created = null, former = null] = Object.values(JSON.parse(v) as object) as Value[]
  return { id, value, created, former: fields === 3 ? former : undefined }
}

/** The former value comes back, unless the value was changed since; then that one is converted. */
const target = (row: Held, conversion: Conversion): Value =>
  row.former !== undefined && isAsConverted(row, conversion) ? row.former : storedValue(row.value, conversion.to)

function isAsConverted({ value, former = null, created }: Held, { from, to }: Conversion): boolean {
  return sameValue(value, storedValue(former, from)) || (former === null && wasNumbered(created, from, to))
}

/** A record that was there without a value when the field became an auto-number. */
function wasNumbered(created: Value, from: FieldDef, { column }: FieldDef): boolean {
  const former = from.document?.formerColumns?.find((f) => f.column === column)
  return from.type === 'AutoNumber' && former !== undefined && String(created) <= former.leftAt
}

/** Fills the new column from the old one, which stays as it is. */
export async function convertColumn(tx: Transaction, conversion: Conversion): Promise<void> {
  const { object, to } = conversion
  for await (const rows of heldValues(tx, conversion)) {
    const changes = rows.map((row) => ({ id: row.id, was: row.former ?? null, value: target(row, conversion) }))
    const changed = changes.filter(({ was, value }) => !sameValue(was, value))
    await updateRows(tx, object, changed.map(({ id, value }) => ({ id, set: { [to.name]: value } }))) // prettier-ignore
  }
}

/** What a conversion does to values, kind by kind. */
export interface ConversionReport {
  /** They do not convert. */
  blank: Affected
  /** They would not be the same again if they were converted back: rounded, shortened, written otherwise. */
  altered: Affected
  /** The field goes back to a former column, and they are not what was converted then. */
  newer: Affected
  /** The field is unique, and they would stand in more than one record. */
  repeated: Affected
}

const NONE: Affected = { count: 0, examples: [] }

/** What becomes of each value; reads only. */
export async function conversionReport(reader: DialectReader, conversion: Conversion): Promise<ConversionReport> {
  const report: ConversionReport = { blank: NONE, altered: NONE, newer: NONE, repeated: NONE }
  const note = (kind: keyof ConversionReport, value: Value): void => {
    report[kind] = withValue(report[kind], value)
  }
  const seen = new Set<string>()
  for await (const rows of heldValues(reader, conversion))
    for (const row of rows) {
      for (const kind of effectsOn(row, conversion)) note(kind, row.value)
      const value = String(conversion.to.unique ? (target(row, conversion) ?? '') : '')
      if (value !== '' && seen.has(value)) note('repeated', value)
      seen.add(value)
    }
  return report
}

function effectsOn(row: Held, conversion: Conversion): (keyof ConversionReport)[] {
  const { value, former } = row
  const { from, to } = conversion
  if (former !== undefined && isAsConverted(row, conversion)) return []
  return [...(former === undefined ? [] : ['newer' as const]), ...lossOf(value, from, to)]
}

function lossOf(value: Value, from: End, to: End): ('blank' | 'altered')[] {
  if (value === null) return []
  const converted = convertValue(value, to)
  if (converted === undefined) return ['blank']
  return sameValue(convertValue(converted, from) ?? null, value) ? [] : ['altered']
}
