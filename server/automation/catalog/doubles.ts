import { quote } from '#database'
import type { Database } from '#database'
import type { Catalog } from '#metadata'

/** Permission sets that users were given twice in an earlier release, where nothing kept them from it: the later ones give nothing, and go. */
export async function removeDoubleAssignments(database: Database, catalog: Catalog): Promise<void> {
  const object = catalog.objects.get('PermissionSetAssignment')!
  const column = (alias: string, name: string): string => `${alias}.${quote(object.field(name)!.column!)}`
  const same = ['AssigneeId', 'PermissionSet'].map((name) => `${column('f', name)} = ${column('t', name)}`)
  const earlier = `SELECT 1 FROM ${quote(object.table)} f WHERE ${same.join(' AND ')} AND NOT ${column('f', 'IsDeleted')} AND ${column('f', 'Id')} < ${column('t', 'Id')}`
  const deleted = quote(object.field('IsDeleted')!.column!)
  await database.transaction((tx) =>
    tx.run(
      `UPDATE ${quote(object.table)} AS t SET ${deleted} = ${database.dialect === 'sqlite' ? '1' : 'true'} WHERE NOT ${column('t', 'IsDeleted')} AND EXISTS (${earlier})`,
    ),
  )
}
