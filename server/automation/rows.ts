import { placeholders, quote } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import { findBy, ownPaths, readRows } from '#records'
import type { DialectReader } from '#records'
import type { Row, Value } from '#util'

/** Ids of live records by the value of a unique field, as text. */
export async function idsBy(
  reader: DialectReader,
  object: ObjectDef,
  field: FieldDef,
  values: readonly Value[],
): Promise<Map<string, string>> {
  return new Map((await findBy(reader, object, field, values)).map((found) => [String(found.value), found.id]))
}

/** Id of the record in the recycle bin that had this value last. */
export async function deletedBy(
  reader: DialectReader,
  object: ObjectDef,
  field: FieldDef,
  value: string,
): Promise<string | undefined> {
  const column = (name: string): string => quote(object.field(name)!.column!)
  const row = await reader.get<{ id: string }>(
    `SELECT ${column('Id')} AS id FROM ${quote(object.table)} WHERE ${column('IsDeleted')} AND ${column(field.name)} = ${placeholders(reader.dialect, 1)} ORDER BY ${column('LastModifiedDate')} DESC LIMIT 1`,
    [value],
  )
  return row?.id
}

/** Ids of live records of `object` whose reference `field` points at one of these. */
export async function childIds(
  reader: DialectReader,
  object: ObjectDef,
  field: FieldDef,
  parents: readonly string[],
): Promise<string[]> {
  return parents.length ? (await findBy(reader, object, field, parents)).map((found) => found.id) : []
}

/** Every live record of an object that holds few: set-up rows. */
export async function readAll(reader: DialectReader, catalog: Catalog, object: ObjectDef): Promise<Row[]> {
  const deleted = quote(object.field('IsDeleted')!.column!)
  const id = quote(object.field('Id')!.column!)
  const rows = await reader.all<{ id: string }>(
    `SELECT ${id} AS id FROM ${quote(object.table)} WHERE NOT ${deleted} ORDER BY ${id}`,
  )
  return [
    ...(
      await readRows(
        reader,
        catalog,
        object,
        rows.map((row) => row.id),
        ownPaths(object),
      )
    ).values(),
  ]
}
