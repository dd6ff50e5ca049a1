import { quote } from '../sql.ts'
import type { ColumnSpec, Ddl, IndexSpec, TableSpec } from './types.ts'

const LONGEST_NAME = 63

/** 32-bit FNV-1a, as eight hexadecimal digits. */
function hash(text: string): string {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0).toString(16).padStart(8, '0')
}

/** `<prefix>_<table>_<column>`; cut and made unique by a hash where PostgreSQL would cut it (63 characters) without a word. */
export function indexName(prefix: string, table: string, column: string): string {
  const name = `${prefix}_${table}_${column}`
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 9)}_${hash(name)}`
}

export const columnSql = (column: ColumnSpec): string =>
  [
    quote(column.name),
    column.type,
    column.primaryKey ? 'PRIMARY KEY NOT NULL' : '',
    column.default === undefined ? '' : `DEFAULT ${column.default}`,
  ]
    .filter(Boolean)
    .join(' ')

export const createTableSql = (table: TableSpec, print: (column: ColumnSpec) => string): string =>
  `CREATE TABLE ${quote(table.name)} (\n  ${table.columns.map(print).join(',\n  ')}\n)`

const createIndexSql = (index: IndexSpec): string =>
  `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quote(index.name)} ON ${quote(index.table)} (${index.columns.map(quote).join(', ')})${index.where ? ` WHERE ${index.where}` : ''}`

export const shared: Pick<Ddl, 'createIndex' | 'dropIndex' | 'dropColumn' | 'dropTable'> = {
  createIndex: createIndexSql,
  dropIndex: (name) => `DROP INDEX ${quote(name)}`,
  dropColumn: (table, column) => `ALTER TABLE ${quote(table)} DROP COLUMN ${quote(column)}`,
  dropTable: (table) => `DROP TABLE ${quote(table)}`,
}
