import { quote } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import { columnSql, encodeList, inList } from '../codec.ts'
import type { DialectReader } from './read.ts'

export interface ReferenceTo {
  readonly object: ObjectDef
  readonly field: FieldDef
}

export interface Children extends ReferenceTo {
  readonly rows: readonly { readonly id: string; readonly parentId: string; readonly deleted: boolean }[]
}

const mayName = ({ reference }: FieldDef, target: ObjectDef): boolean =>
  reference !== undefined && (reference.any || reference.to.includes(target.name))

/** Every stored reference field that may point to a record of this object, but the users who created and changed a record. */
export function referencesTo(catalog: Catalog, target: ObjectDef): ReferenceTo[] {
  return [...catalog.objects.values()].flatMap((object) =>
    object.fields
      .filter(
        (field) =>
          field.column && mayName(field, target) && field.name !== 'CreatedById' && field.name !== 'LastModifiedById',
      )
      .map((field) => ({ object, field })),
  )
}

/** Records that point to these, for the delete rules: one entry a reference field that has any. Deleted children are told with `deleted`. */
export async function childrenOf(
  reader: DialectReader,
  catalog: Catalog,
  object: ObjectDef,
  ids: readonly string[],
): Promise<Children[]> {
  const result: Children[] = []
  for (const reference of referencesTo(catalog, object)) {
    const rows = await pointing(reader, reference, ids)
    if (rows.length > 0) result.push({ ...reference, rows })
  }
  return result
}

async function pointing(
  reader: DialectReader,
  { object, field }: ReferenceTo,
  ids: readonly string[],
): Promise<Children['rows']> {
  const [id, deleted] = [quote(object.field('Id')!.column!), quote(object.field('IsDeleted')!.column!)]
  const sql = `SELECT t.${id} AS id, ${columnSql(field, 't')} AS parent, t.${deleted} AS gone FROM ${quote(object.table)} t WHERE ${inList(reader.dialect, field, 't', 1)} ORDER BY 1`
  const rows = await reader.all<{ id: string; parent: string; gone: number | boolean }>(sql, [
    encodeList(reader.dialect, field, ids),
  ])
  return rows.map((row) => ({ id: row.id, parentId: row.parent, deleted: Boolean(row.gone) }))
}
