import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { applyTableSteps, tableSteps } from '#records'

/** Adds the tables, columns, keys and indexes that the metadata names and the database lacks; takes nothing away. */
export const mendTables = (database: Database, catalog: Catalog): Promise<void> =>
  database.transaction((tx) => applyTableSteps(tx, tableSteps(undefined, catalog)))
