import type { Catalog } from '#metadata'
import type { DialectReader } from '#records'
import type { Row, Value } from '#util'
import { readAll } from '../rows.ts'

/** Rows of the hierarchical custom settings, by object and then by whose they are. */
export type CustomSettings = ReadonlyMap<string, ReadonlyMap<string, Row>>

export async function readCustomSettings(reader: DialectReader, catalog: Catalog): Promise<CustomSettings> {
  const found = new Map<string, ReadonlyMap<string, Row>>()
  for (const name of catalog.settings()) {
    const rows = await readAll(reader, catalog, catalog.object(name)!)
    found.set(name, new Map(rows.map((row) => [String(row.SetupOwnerId), row])))
  }
  return found
}

/** The value of `$Setup.Object.Field`: of the first of these owners, the narrowest first, that has one; a blank lets the next one speak. */
export function settingOf(settings: CustomSettings, path: string, owners: readonly Value[]): Value {
  const [, object = '', field = ''] = path.split('.')
  const rows = settings.get(object)
  for (const owner of owners) {
    const value = rows?.get(String(owner))?.[field] ?? null
    if (value !== null && value !== '') return value
  }
  return null
}

/** Names of the settings that differ. */
export function changedSettings(before: CustomSettings, after: CustomSettings): string[] {
  const text = (rows: ReadonlyMap<string, Row> | undefined): string => JSON.stringify([...(rows ?? [])])
  return [...new Set([...before.keys(), ...after.keys()])].filter((n) => text(before.get(n)) !== text(after.get(n)))
}
