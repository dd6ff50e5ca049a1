import { quote } from '../sql.ts'
import { columnSql, createTableSql, indexName, shared } from './common.ts'
import type { Ddl } from './types.ts'

export const postgresDdl: Ddl = {
  ...shared,
  mostColumns: 1_600,
  createTable: (table) => createTableSql(table, columnSql),
  addColumn: (table, column) => `ALTER TABLE ${quote(table)} ADD COLUMN ${columnSql(column)}`,
  // CASCADE takes the foreign keys that point here along, never a row or a column of another table.
  dropTable: (table) => `DROP TABLE ${quote(table)} CASCADE`,
  addForeignKey: (table, column, to) =>
    `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${quote(indexName('f', table, column))} FOREIGN KEY (${quote(column)}) ` +
    `REFERENCES ${quote(to.table)} (${quote(to.column)}) DEFERRABLE INITIALLY DEFERRED`,
}
