import { quote } from '../sql.ts'
import { columnSql, createTableSql, shared } from './common.ts'
import type { ColumnSpec, Ddl } from './types.ts'

/** SQLite can't add a foreign key later, but lets a column name a table that is not there yet. */
const withReference = (column: ColumnSpec): string =>
  columnSql(column) +
  (column.references
    ? ` REFERENCES ${quote(column.references.table)} (${quote(column.references.column)}) DEFERRABLE INITIALLY DEFERRED`
    : '')

export const sqliteDdl: Ddl = {
  ...shared,
  mostColumns: 2_000,
  createTable: (table) => createTableSql(table, withReference),
  addColumn: (table, column) => `ALTER TABLE ${quote(table)} ADD COLUMN ${withReference(column)}`,
  addForeignKey: () => undefined,
}
