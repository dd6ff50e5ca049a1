/** Directus on an SQLite file of its own: its administrator makes the collections, then the rows and indexes of ours are copied in. */
import { once } from 'node:events'
import { join } from 'node:path'
import sqlite3 from 'sqlite3'
import { freePort } from '#test/postgres'
import { serverOf, start, whenReady, type Server } from './server.ts'

const TOKEN = 'the-token-of-the-administrator-of-this-bench'
const headers = { authorization: `Bearer ${TOKEN}` }
const CASE = 'Id: id CaseNumber: number Subject: subject Status: status Priority: priority'
const WITH_ACCOUNT = `${CASE} CreatedDate: created_date Account: account { Id: id Name: name }`

const documents = {
  a: `query ($id: ID!) { Case: tickets_by_id(id: $id) { ${WITH_ACCOUNT} } }`,
  b: `query ($priority: String!) { Case: tickets(filter: { priority: { _eq: $priority } }, sort: ["-created_date", "-id"], limit: 50) { ${WITH_ACCOUNT} } }`,
  c: `query ($owner: String!) { Account: accounts(filter: { owner: { _eq: $owner } }, sort: ["id"], limit: 50) { Id: id Name: name Cases: tickets(sort: ["number"], limit: 20) { ${CASE} } } }`,
  d: 'mutation ($id: ID!, $subject: String!, $priority: String!, $account: ID!) { CaseCreate: create_tickets_item(data: { id: $id, subject: $subject, status: "New", priority: $priority, account: { id: $account } }) { Id: id Subject: subject } }',
}

/** `source`: the SQLite file of ours whose rows are copied. */
export async function startDirectus(name: string, folder: string, files: string, source: string): Promise<Server> {
  const [port, file] = [await freePort(), join(files, 'directus.db')]
  const env = {
    HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, SECRET: TOKEN, DB_CLIENT: 'sqlite3', DB_FILENAME: file,
    ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: TOKEN, ADMIN_TOKEN: TOKEN, SERVE_APP: 'false', TELEMETRY: 'false', LOG_LEVEL: 'error',
    PRESSURE_LIMITER_ENABLED: 'false',
  } // prettier-ignore
  const cli = join(folder, 'node_modules/directus/cli.js')
  const bootstrap = start(cli, ['bootstrap'], env, folder)
  await once(bootstrap.process, 'exit')
  if (bootstrap.process.exitCode !== 0) throw new Error(`Directus did not start:\n${bootstrap.output()}`)
  const program = start(cli, ['start'], env, folder)
  const url = `http://127.0.0.1:${port}`
  await whenReady(program, async () => (await fetch(`${url}/server/ping`)).ok || undefined)
  await makeCollections(url)
  await copyRows(file, source)
  return serverOf(program, { name, url: `${url}/graphql`, headers, documents })
}

async function makeCollections(url: string): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`Directus refused ${JSON.stringify(body)}: ${await answer.text()}`)
  }
  const field = (name: string, type = 'string', special?: string, schema = {}) => ({ field: name, type, schema, meta: special ? { special: [special] } : {} }) // prettier-ignore
  const collection = (name: string, fields: readonly object[]) =>
    post('/collections', {
      collection: name,
      schema: {},
      meta: {},
      fields: [
        field('id', 'string', undefined, { is_primary_key: true, length: 36, has_auto_increment: false }),
        ...fields,
      ],
    })
  const lookup = async (many: string, name: string, one: string, list: string) => {
    await post('/relations', { collection: many, field: name, related_collection: one, schema: {}, meta: { one_field: list } }) // prettier-ignore
    await post(`/fields/${one}`, { field: list, type: 'alias', meta: { special: ['o2m'] } })
  }
  const created = field('created_date', 'timestamp', 'date-created')
  await collection('accounts', [field('name'), field('owner')])
  await collection('tickets', [...['number', 'subject', 'status', 'priority'].map((name) => field(name)), created, field('account', 'string', 'm2o')]) // prettier-ignore
  await collection('milestones', [field('name'), field('status'), field('target_date', 'timestamp'), field('ticket', 'string', 'm2o')]) // prettier-ignore
  await lookup('tickets', 'account', 'accounts', 'tickets')
  await lookup('milestones', 'ticket', 'tickets', 'milestones')
}

/** Directus keeps timestamps as milliseconds. The indexes are those of our tables. */
function copyRows(file: string, source: string): Promise<void> {
  const ms = (column: string) => `CAST(round(unixepoch(${column}, 'subsec') * 1000) AS INTEGER)`
  const sql = `ATTACH '${source}' AS ours; BEGIN;
    INSERT INTO accounts (id, name, owner) SELECT c_id, c_name, c_owner_id FROM ours.o_account;
    INSERT INTO tickets (id, number, subject, status, priority, created_date, account)
      SELECT c_id, c_name, c_subject, c_status, c_priority, ${ms('c_created_date')}, c_account_id FROM ours.o_case;
    INSERT INTO milestones (id, name, status, target_date, ticket) SELECT c_id, c_name, c_status, ${ms('c_target_date')}, c_parent_id FROM ours.o_record_milestone;
    CREATE INDEX accounts_owner ON accounts (owner, id); CREATE INDEX tickets_account ON tickets (account, created_date, id);
    CREATE INDEX tickets_priority ON tickets (priority, created_date, id); CREATE INDEX tickets_number ON tickets (number, id);
    CREATE INDEX milestones_ticket ON milestones (ticket); COMMIT; ANALYZE;`
  return new Promise((resolve, reject) => {
    const db = new sqlite3.Database(file)
    db.exec(sql, (error) => db.close(() => (error ? reject(error) : resolve())))
  })
}
