// Our API and its peers side by side, on one machine in one run: node server/scripts/peers.ts --peers FOLDER [--seconds 10] [--write]
// FOLDER has PostGraphile and Directus in its node_modules; see "Beside its peers" in server/README.md.
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { startPostgres } from '#test/postgres'
import { keepResults, machine, today } from './bench-results.ts'
import { startDirectus } from './peers/directus.ts'
import { goals, NAMES } from './peers/goals.ts'
import { CONNECTIONS, measure, ROUNDS, type Cell, type Contestant } from './peers/measure.ts'
import { startMilepost } from './peers/milepost.ts'
import { fillOrganisation } from './peers/organisation.ts'
import { startBare, startPostgraphile } from './peers/others.ts'
import { CASES, checkAnswers } from './peers/questions.ts'

const { values } = parseArgs({
  options: { peers: { type: 'string' }, seconds: { type: 'string', default: '10' }, write: { type: 'boolean' } },
})
const seconds = Number(values.seconds)
if (!values.peers || !(seconds > 0)) {
  console.error('Usage: node server/scripts/peers.ts --peers FOLDER [--seconds 10] [--write]')
  process.exit(2)
}
const folder = resolve(values.peers)
const versions = { postgraphile: versionOf('postgraphile'), directus: versionOf('directus') }

const postgres = await startPostgres({ asServed: true })
const files = await mkdtemp(join(tmpdir(), 'milepost-peers-'))
let contestants: readonly Contestant[] = []
try {
  console.log('Filling the databases …')
  const sqlite = join(files, 'milepost.db')
  const [onSqlite, onPostgres] = await Promise.all([
    fillOrganisation(`sqlite:${sqlite}`),
    fillOrganisation(postgres.url),
  ])
  const postgresql = await prepared(postgres.url)
  const ofPostgres = [await startMilepost(NAMES.postgres, postgres.url), await startPostgraphile(NAMES.postgraphile, folder, postgres.url)] // prettier-ignore
  const ofSqlite = [await startMilepost(NAMES.sqlite, `sqlite:${sqlite}`), await startDirectus(NAMES.directus, folder, files, sqlite), await startBare(NAMES.bare, sqlite)] // prettier-ignore
  contestants = [...ofPostgres.map((server) => ({ server, known: onPostgres })), ...ofSqlite.map((server) => ({ server, known: onSqlite }))] // prettier-ignore
  await checkAnswers(ofPostgres, onPostgres)
  await checkAnswers(ofSqlite, onSqlite)
  console.log(`All answer alike. ${ROUNDS} rounds, ${seconds} s each, ${CONNECTIONS} connections …`)
  report(await measure(contestants, seconds), { ...versions, postgresql })
} finally {
  for (const { server } of contestants) await server.stop()
  await postgres.stop()
  await rm(files, { recursive: true, force: true })
}

function versionOf(name: string): string {
  const file = join(folder, 'node_modules', name, 'package.json')
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  console.error(`${folder} has no ${name}. Install it there: see “Beside its peers” in server/README.md.`)
  process.exit(2)
}

/** Statistics for the planner now, not when autovacuum comes round; gives PostgreSQL's version. */
async function prepared(url: string): Promise<string> {
  const client = new Client(url)
  await client.connect()
  await client.query('ANALYZE')
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
  await client.end()
  return rows[0]!.server_version
}

function report(cells: readonly Cell[], used: object): void {
  const reached = goals(cells)
  for (const [name, text] of Object.entries(CASES)) {
    console.log(`\n${name}: ${text}`)
    const shown = cells.filter((cell) => cell.case === name)
    console.table(Object.fromEntries(shown.map(({ server, requestsPerSecond, p50, p99, cpuMs }) => [server, { requestsPerSecond, p50, p99, cpuMs }]))) // prettier-ignore
  }
  console.table(reached)
  const peers = { date: today(), machine: machine(), versions: used, seconds, rounds: ROUNDS, connections: CONNECTIONS, cells, goals: reached } // prettier-ignore
  if (values.write) keepResults(() => ({ peers }))
}
