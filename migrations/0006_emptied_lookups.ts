import type { Knex } from 'knex'

/** Which lookups the delete of a record emptied, so that its undelete can fill them again. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('emptied_lookup', (t) => {
    t.text('record_id').notNullable()
    t.text('field_id').notNullable()
    t.text('child_id').notNullable()
    t.primary(['record_id', 'field_id', 'child_id'])
  })
}
