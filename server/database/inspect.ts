import type { Dialect, Reader } from './types.ts'

/** A table as the database has it. Types are lower case, as the database prints them. */
export interface TableShape {
  readonly name: string
  readonly columns: ReadonlyMap<string, string>
  readonly indexes: ReadonlySet<string>
  /** Columns that carry a foreign key, with the table they point to. */
  readonly foreignKeys: ReadonlyMap<string, string>
}

interface Found {
  readonly tbl: string
  readonly name: string
  readonly detail: string | null
}
interface Queries {
  readonly columns: string
  readonly indexes: string
  readonly foreignKeys: string
}

const QUERIES: { readonly [dialect in Dialect]: Queries } = {
  sqlite: {
    columns: `SELECT m.name AS tbl, p.name AS name, lower(p.type) AS detail FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'`,
    indexes: `SELECT tbl_name AS tbl, name, NULL AS detail FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
    foreignKeys: `SELECT m.name AS tbl, p."from" AS name, p."table" AS detail FROM sqlite_master m, pragma_foreign_key_list(m.name) p WHERE m.type = 'table'`,
  },
  postgres: {
    columns: `SELECT c.relname AS tbl, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS detail FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
    indexes: `SELECT tablename AS tbl, indexname AS name, NULL AS detail FROM pg_indexes WHERE schemaname = current_schema()`,
    foreignKeys: `SELECT c.relname AS tbl, a.attname AS name, f.relname AS detail FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`,
  },
}

/** Every table of the database, by name. */
export async function inspect(reader: Reader, dialect: Dialect): Promise<Map<string, TableShape>> {
  const shapes = new Map<
    string,
    { name: string; columns: Map<string, string>; indexes: Set<string>; foreignKeys: Map<string, string> }
  >()
  for (const { tbl, name, detail } of await reader.all<Found>(QUERIES[dialect].columns)) {
    const shape = shapes.get(tbl) ?? { name: tbl, columns: new Map(), indexes: new Set(), foreignKeys: new Map() }
    shapes.set(tbl, shape)
    shape.columns.set(name, detail ?? '')
  }
  for (const { tbl, name } of await reader.all<Found>(QUERIES[dialect].indexes)) shapes.get(tbl)?.indexes.add(name)
  for (const { tbl, name, detail } of await reader.all<Found>(QUERIES[dialect].foreignKeys))
    shapes.get(tbl)?.foreignKeys.set(name, detail ?? '')
  return shapes
}
