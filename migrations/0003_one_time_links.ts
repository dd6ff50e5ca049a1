import type { Knex } from 'knex'

/**
 * Links that let somebody in once: the set-up of the first administrator, invitations, password resets. They take the place of set-up tokens,
 * of which every start without an administrator makes a new one.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('one_time_link', (t) => {
    t.text('id').primary()
    t.text('kind').notNullable()
    t.text('user_id').notNullable()
    t.text('created_by').notNullable()
    t.text('created_at').notNullable()
    t.text('token_hash').unique()
    t.text('expires_at').notNullable()
    t.text('used_at')
    t.text('ended_at')
    t.index(['user_id', 'kind'], 'one_time_link_by_user')
    t.index(['created_at'], 'one_time_link_by_age')
  })
  await knex.schema.dropTable('setup_token')
}
