import type { Knex } from 'knex'

/** Attempts to sign in and the like are slowed down by key, instead of accounts being locked. Plain statements: knex would rebuild the table on SQLite. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('attempt_limit', (t) => {
    t.text('key').primary()
    t.bigInteger('free_at').notNullable()
    t.index(['free_at'], 'attempt_limit_by_time')
  })
  await knex.raw('ALTER TABLE user_credential DROP COLUMN failed_count')
  await knex.raw('ALTER TABLE user_credential DROP COLUMN locked_until')
}
