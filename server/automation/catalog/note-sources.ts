import { placeholders, quote } from '#database'
import type { Database } from '#database'
import type { Catalog } from '#metadata'

/**
 * Field history from before its rows said which field they are of: the name says it, where there is a field of this name still. What stays without is
 * for those who read everything.
 */
export async function noteHistorySources(database: Database, catalog: Catalog): Promise<void> {
  const object = catalog.objects.get('FieldHistory')!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const [prefix, name, sources] = [`substr(${column('RecordId')}, 1, 3)`, column('Field'), column('SourceFields')]
  const p = (n: number): string => placeholders(database.dialect, 1, n)
  await database.transaction(async (tx) => {
    const open = await tx.all<{ prefix: string; name: string }>(
      `SELECT DISTINCT ${prefix} AS prefix, ${name} AS name FROM ${quote(object.table)} WHERE ${sources} IS NULL`,
    )
    for (const each of open) {
      const field = catalog.objectByKeyPrefix(each.prefix)?.field(each.name)
      if (field)
        await tx.run(
          `UPDATE ${quote(object.table)} SET ${sources} = ${p(1)} WHERE ${sources} IS NULL AND ${prefix} = ${p(2)} AND ${name} = ${p(3)}`,
          [JSON.stringify([field.id]), each.prefix, each.name],
        )
    }
  })
}
