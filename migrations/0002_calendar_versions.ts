import type { Knex } from 'knex'

/** Business hours as they were at each of their versions: the log names them, and replay needs them. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('calendar_version', (t) => {
    t.text('version').primary()
    t.text('name').notNullable()
    t.text('time_zone').notNullable()
    t.text('tzdata').notNullable()
    t.text('definition').notNullable()
    t.text('created_at').notNullable()
  })
}
