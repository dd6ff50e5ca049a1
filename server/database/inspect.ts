import type { Dialect, Reader } from './types.ts'

/** A table as the database has it. Types are lower case, as the database prints them. */
export interface TableShape {
  readonly name: string
  readonly columns: ReadonlyMap<string, string>
  /** How many columns the database counts: on PostgreSQL dropped ones too, for as long as the table is there. */
  readonly columnsUsed: number
  /** Columns of each index, in order. Primary keys are not among them on SQLite. */
  readonly indexes: ReadonlyMap<string, readonly string[]>
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
    indexes: `SELECT m.tbl_name AS tbl, m.name AS name, p.name AS detail FROM sqlite_master m, pragma_index_info(m.name) p
      WHERE m.type = 'index' AND m.sql IS NOT NULL ORDER BY p.seqno`,
    foreignKeys: `SELECT m.name AS tbl, p."from" AS name, p."table" AS detail FROM sqlite_master m, pragma_foreign_key_list(m.name) p WHERE m.type = 'table'`,
  },
  postgres: {
    columns: `SELECT c.relname AS tbl, a.attname AS name, CASE WHEN NOT a.attisdropped THEN format_type(a.atttypid, a.atttypmod) END AS detail FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0`,
    indexes: `SELECT t.relname AS tbl, i.relname AS name, a.attname AS detail FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_attribute a ON a.attrelid = x.indexrelid WHERE t.relnamespace = current_schema()::regnamespace ORDER BY a.attnum`,
    foreignKeys: `SELECT c.relname AS tbl, a.attname AS name, f.relname AS detail FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`,
  },
}

interface Shape extends TableShape {
  readonly columns: Map<string, string>
  columnsUsed: number
  readonly indexes: Map<string, string[]>
  readonly foreignKeys: Map<string, string>
}

const newShape = (name: string): Shape => ({
  name,
  columns: new Map(),
  columnsUsed: 0,
  indexes: new Map(),
  foreignKeys: new Map(),
})

/** Every table of the database, by name. */
export async function inspect(reader: Reader, dialect: Dialect): Promise<Map<string, TableShape>> {
  const queries = QUERIES[dialect]
  const shapes = new Map<string, Shape>()
  for (const { tbl, name, detail } of await reader.all<Found>(queries.columns)) {
    const shape = shapes.get(tbl) ?? newShape(tbl)
    shapes.set(tbl, shape)
    shape.columnsUsed++
    if (detail !== null) shape.columns.set(name, detail)
  }
  for (const { tbl, name, detail } of await reader.all<Found>(queries.indexes)) {
    const indexes = shapes.get(tbl)?.indexes
    indexes?.set(name, [...(indexes.get(name) ?? []), detail ?? ''])
  }
  for (const { tbl, name, detail } of await reader.all<Found>(queries.foreignKeys))
    shapes.get(tbl)?.foreignKeys.set(name, detail ?? '')
  return shapes
}
