import type { Knex } from 'knex'

/** Instants are ISO text with milliseconds and Z, documents and states JSON text, on both databases alike. */
export async function up(knex: Knex): Promise<void> {
  await metadata(knex)
  await processes(knex)
  await access(knex)
  await work(knex)
}

async function metadata(knex: Knex): Promise<void> {
  await knex.schema.createTable('metadata_document', (t) => {
    t.text('kind').notNullable()
    t.text('id').notNullable()
    t.text('name').notNullable()
    t.integer('version').notNullable()
    t.text('body').notNullable()
    t.primary(['kind', 'id'])
  })
  await knex.schema.createTable('metadata_version', (t) => {
    t.integer('version').primary()
    t.text('at').notNullable()
    t.text('by')
    t.text('reason')
    t.text('changes').notNullable()
    t.text('undo').notNullable()
  })
  await knex.schema.createTable('metadata_lock', (t) => {
    t.text('name').primary()
    t.text('owner').notNullable()
    t.text('taken_at').notNullable()
    t.text('expires_at').notNullable()
  })
}

async function processes(knex: Knex): Promise<void> {
  await knex.schema.createTable('process_state', (t) => {
    t.text('record_id').primary()
    t.text('object').notNullable()
    t.text('process').notNullable()
    t.text('version').notNullable()
    t.integer('run').notNullable()
    t.integer('seq').notNullable()
    t.text('state').notNullable()
    t.text('updated_at').notNullable()
    t.index(['process', 'version'], 'process_state_by_version')
  })
  await knex.schema.createTable('number_sequence', (t) => {
    t.text('field_id').primary()
    t.bigInteger('next').notNullable()
  })
}

async function access(knex: Knex): Promise<void> {
  await knex.schema.createTable('user_credential', (t) => {
    t.text('user_id').primary()
    t.text('password_hash').notNullable()
    t.integer('failed_count').notNullable().defaultTo(0)
    t.text('locked_until')
    t.text('changed_at').notNullable()
  })
  await knex.schema.createTable('session', (t) => {
    t.text('token_hash').primary()
    t.text('user_id').notNullable()
    t.text('created_at').notNullable()
    t.text('last_seen_at').notNullable()
    t.text('expires_at').notNullable()
    t.text('address')
    t.text('user_agent')
    t.index(['user_id'], 'session_by_user')
    t.index(['expires_at'], 'session_by_expiry')
  })
  await knex.schema.createTable('setup_token', (t) => {
    t.text('token_hash').primary()
    t.text('created_at').notNullable()
    t.text('expires_at').notNullable()
    t.text('used_at')
  })
  await knex.schema.createTable('api_token', (t) => {
    t.text('id').primary()
    t.text('secret_hash').notNullable()
    t.text('user_id').notNullable()
    t.text('label').notNullable()
    t.text('permission_sets')
    t.text('addresses')
    t.text('created_at').notNullable()
    t.text('last_used_at')
    t.text('expires_at').notNullable()
    t.text('revoked_at')
    t.index(['user_id'], 'api_token_by_user')
  })
}

async function work(knex: Knex): Promise<void> {
  await knex.schema.createTable('setting', (t) => {
    t.text('key').primary()
    t.text('value').notNullable()
  })
  await knex.schema.createTable('journal', (t) => {
    t.text('id').primary()
    t.text('kind').notNullable()
    t.text('status').notNullable()
    t.text('body').notNullable()
    t.text('progress')
    t.text('owner')
    t.text('error')
    t.text('created_at').notNullable()
    t.text('updated_at').notNullable()
    t.index(['status', 'created_at'], 'journal_by_status')
  })
}
