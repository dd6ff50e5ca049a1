import type { Knex } from 'knex'

/** Tokens that may only read. A plain statement: knex would rebuild the table on SQLite. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE api_token ADD COLUMN read_only integer NOT NULL DEFAULT 0')
}
