// The least that can be done: node:http, the same driver, the same tables, one statement written by hand for each question. No user, no permission, no GraphQL.
// node bare.ts FILE. Tells its parent the port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sqlite3 from 'sqlite3'

const CONNECTIONS = 3
const CASE = `'Id', k.c_id, 'CaseNumber', k.c_name, 'Subject', k.c_subject, 'Status', k.c_status, 'Priority', k.c_priority`
const COLUMNS = 'c_id, c_name, c_subject, c_status, c_priority'
const SQL = {
  a: `SELECT json_object(${CASE}, 'CreatedDate', k.c_created_date, 'Account', json_object('Id', o.c_id, 'Name', o.c_name)) AS json
    FROM o_case k JOIN o_account o ON o.c_id = k.c_account_id WHERE k.c_id = ? AND k.c_is_deleted = 0`,
  b: `SELECT json_group_array(json_object(${CASE}, 'CreatedDate', k.c_created_date, 'Account', json_object('Id', o.c_id, 'Name', o.c_name))) AS json
    FROM (SELECT ${COLUMNS}, c_created_date, c_account_id FROM o_case WHERE c_priority = ? AND c_is_deleted = 0
      ORDER BY c_created_date DESC, c_id DESC LIMIT 50) k JOIN o_account o ON o.c_id = k.c_account_id`,
  c: `SELECT json_group_array(json_object('Id', o.c_id, 'Name', o.c_name, 'Cases', (SELECT json_group_array(json_object(${CASE}))
      FROM (SELECT ${COLUMNS} FROM o_case WHERE c_account_id = o.c_id AND c_is_deleted = 0 ORDER BY c_name LIMIT 20) k))) AS json
    FROM (SELECT c_id, c_name FROM o_account WHERE c_owner_id = ? AND c_is_deleted = 0 ORDER BY c_id LIMIT 50) o`,
}
const ROOT = { a: 'Case', b: 'Case', c: 'Account' }
const VARIABLE = { a: 'id', b: 'priority', c: 'owner' } as const
type Question = {
  readonly query: keyof typeof SQL
  readonly variables: { readonly [name in 'id' | 'priority' | 'owner']: string }
}

const connections = Array.from({ length: CONNECTIONS }, () => {
  const db = new sqlite3.Database(process.argv[2]!, sqlite3.OPEN_READONLY)
  db.exec('PRAGMA mmap_size = 268435456; PRAGMA cache_size = -32000')
  return { a: db.prepare(SQL.a), b: db.prepare(SQL.b), c: db.prepare(SQL.c) }
})
let asked = 0

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    const { query, variables } = JSON.parse(body) as Question
    const statement = connections[asked++ % CONNECTIONS]![query]
    statement.all<{ json: string }>([variables[VARIABLE[query]]], (error, rows) => {
      const text = error ? `{"errors":[${JSON.stringify(error.message)}]}` : `{"data":{"${ROOT[query]}":${rows[0]?.json ?? 'null'}}}` // prettier-ignore
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
      response.end(text)
    })
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
