import type { Knex } from 'knex'

/**
 * When each version of a calendar is open, with the open time before, so that SQL can count business time. In milliseconds. The first row says from when
 * the intervals are known; the last, whose `open_before` is null, until when.
 */
export async function up(knex: Knex): Promise<void> {
  // In the order of the columns that are compared with it; in another the index would not serve.
  const text = knex.client.config.client === 'pg' ? 'text COLLATE "C"' : 'text'
  await knex.schema.createTable('open_interval', (t) => {
    t.specificType('calendar', text).notNullable()
    t.bigInteger('start_at').notNullable()
    t.bigInteger('end_at').notNullable()
    t.bigInteger('open_before')
    t.primary(['calendar', 'start_at'])
  })
}
