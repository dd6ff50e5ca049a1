import { quote } from '#database'
import type { Dialect, Reader, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Value } from '#util'
import { selectJson } from '../codec.ts'
import { updateRows } from '../write/update.ts'
import { jsonArray } from '../write/json-array.ts'
import { convertValue } from './convert.ts'
import { columnOf } from './spec.ts'

const BATCH = 1000

async function* valuesOf(
  reader: Reader,
  dialect: Dialect,
  object: ObjectDef,
  field: FieldDef,
): AsyncGenerator<readonly (readonly [id: string, value: Value])[]> {
  const id = quote(columnOf(object, 'Id'))
  const mark = dialect === 'sqlite' ? '?' : '$1'
  const sql = `SELECT t.${id} AS id, ${jsonArray(dialect, [selectJson(dialect, field, 't')])} AS v FROM ${quote(object.table)} t WHERE t.${id} > ${mark} ORDER BY t.${id} LIMIT ${BATCH}`
  for (let last = ''; ;) {
    const rows = await reader.all<{ id: string; v: string }>(sql, [last])
    if (rows.length === 0) return
    yield rows.map((row) => [row.id, (Object.values(JSON.parse(row.v) as object) as Value[])[0] ?? null])
    last = rows.at(-1)!.id
  }
}

export interface ConversionFailures {
  readonly count: number
  /** The first hundred. */
  readonly samples: readonly { readonly id: string; readonly value: Value }[]
}

/** Which rows would lose their value if `from` became `to`; reads only. */
export async function conversionFailures(
  reader: Reader,
  dialect: Dialect,
  object: ObjectDef,
  from: FieldDef,
  to: FieldDef,
): Promise<ConversionFailures> {
  let count = 0
  const samples: { id: string; value: Value }[] = []
  for await (const rows of valuesOf(reader, dialect, object, from)) {
    const failed = rows.filter(([, value]) => convertValue(value, to) === undefined)
    count += failed.length
    samples.push(...failed.slice(0, 100 - samples.length).map(([id, value]) => ({ id, value })))
  }
  return { count, samples }
}

/** Fills the new column from the old one; a value that does not convert becomes blank (the plan has said so). The old column stays as it is. */
export async function convertColumn(tx: Transaction, object: ObjectDef, from: FieldDef, to: FieldDef): Promise<void> {
  for await (const rows of valuesOf(tx, tx.dialect, object, from)) {
    const changes = rows.map(([id, value]) => ({ id, set: { [to.name]: convertValue(value, to) ?? null } }))
    await updateRows(
      tx,
      object,
      changes.filter(({ set }) => set[to.name] !== null),
    )
  }
}
