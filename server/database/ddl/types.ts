/** What the DDL layer can say. Plain statements only: nothing here rebuilds a table or changes a column in place (knex's alterTable on SQLite loses children's rows). */
export interface ColumnSpec {
  readonly name: string
  /** In the dialect's own words, e.g. `text COLLATE "C"`. */
  readonly type: string
  /** A literal in SQL; also what rows get that are already there. */
  readonly default?: string
  readonly primaryKey?: boolean
  readonly references?: ForeignKeySpec
}

/** Checked at commit; never deletes or empties anything by itself. */
export interface ForeignKeySpec {
  readonly table: string
  readonly column: string
}

export interface TableSpec {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
}

export interface IndexSpec {
  readonly name: string
  readonly table: string
  readonly columns: readonly string[]
  readonly unique?: boolean
  /** A predicate in SQL over the table's own columns. */
  readonly where?: string
}

/** Each gives one statement, save the foreign keys of PostgreSQL, which come after every table is there. */
export interface Ddl {
  /** So many columns a table may have. */
  readonly mostColumns: number
  createTable(table: TableSpec): string
  addColumn(table: string, column: ColumnSpec): string
  /** Undefined where the column carries it already (SQLite). */
  addForeignKey(table: string, column: string, to: ForeignKeySpec): string | undefined
  createIndex(index: IndexSpec): string
  dropIndex(name: string): string
  dropColumn(table: string, column: string): string
  dropTable(table: string): string
}
