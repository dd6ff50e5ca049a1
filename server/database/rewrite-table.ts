import { quote } from './sql.ts'
import type { Transaction } from './types.ts'

const REWRITTEN = quote('rewritten_table')

/** Keys of the table first, then the foreign keys from and to it. */
const CONSTRAINTS = `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql
  FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND $1::regclass IN (conrelid, confrelid) ORDER BY contype = 'f', conname`
const INDEXES = `SELECT pg_get_indexdef(x.indexrelid) AS sql FROM pg_index x WHERE x.indrelid = $1::regclass
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = x.indrelid AND k.conindid = x.indexrelid)`

/**
 * PostgreSQL counts dropped columns for as long as a table is there, so a table that is full of them is written anew, with its rows, keys and
 * indexes. No foreign key may be waiting to be checked.
 */
export async function rewriteTable(tx: Transaction, name: string): Promise<void> {
  const table = quote(name)
  const made = [
    ...(await tx.all<{ sql: string }>(CONSTRAINTS, [table])),
    ...(await tx.all<{ sql: string }>(INDEXES, [table])),
  ]
  await tx.run(`CREATE TABLE ${REWRITTEN} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)`)
  await tx.run(`INSERT INTO ${REWRITTEN} SELECT * FROM ${table}`)
  await tx.run(`DROP TABLE ${table} CASCADE`)
  await tx.run(`ALTER TABLE ${REWRITTEN} RENAME TO ${table}`)
  for (const { sql } of made) await tx.run(sql)
}
