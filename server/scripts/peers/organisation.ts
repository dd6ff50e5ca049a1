/** What everybody is asked about: 1,000 accounts of 20 owners, 20,000 cases, and the 40,000 milestones that the shipped support process gave them. */
import { join } from 'node:path'
import { automationActor, seedRows, type SaveRequest, type SeedableEngine } from '#automation'
import { quote } from '#database'
import { loadDocuments } from '#metadata/load'
import { hasErrors } from '#util'
import { storeCredential } from '../../http/auth/credentials.ts'
import { hashPassword } from '../../http/auth/password-threads/argon2.ts'
import { createApp } from '../../http/create-app.ts'

const ACCOUNTS = 1_000
const CASES = 20_000
export const PRIORITIES = ['Critical', 'High', 'Medium', 'Low']
const OWNERS = 20
/** Saved at one instant, a second after the batch before. */
const BATCH = 100

/** A user with the shipped permission set of agents: objects and fields are granted one by one, deleting is not. */
export const AGENT = { username: 'agent@example.com', password: 'a password for agents', set: 'Support_Agent' }
const DEMO = join(import.meta.dirname, '../../../metadata/demo')
const actor = automationActor('peers')

/** What there is to ask for. */
export interface Known {
  readonly cases: readonly string[]
  readonly owners: readonly string[]
  /** New cases go here: not one of the accounts that are read. */
  readonly account: string
}

/** Fills an empty database as an administrator would: the support process and its agents are the shipped ones. */
export async function fillOrganisation(databaseUrl: string): Promise<Known> {
  const app = await createApp({ databaseUrl, organisation: 'empty', worker: false })
  try {
    await applySupport(app.engine)
    const [agent] = await create(app.engine, [user('agent', AGENT.username)])
    await create(app.engine, [{ object: 'PermissionSetAssignment', values: { AssigneeId: agent!, PermissionSet: AGENT.set } }]) // prettier-ignore
    await app.engine.database.transaction((tx) => storeCredential(tx, agent!, hashPassword(AGENT.password)))
    return await fill(app.engine)
  } finally {
    await app.close()
  }
}

async function applySupport(engine: SeedableEngine): Promise<void> {
  const { documents, rows, findings } = loadDocuments(DEMO)
  await seedRows(engine, rows)
  const plan = await engine.catalogs.plan(actor, documents.map((document) => ({ kind: document.kind, name: document.name, document }))) // prettier-ignore
  const problems = [...findings, ...plan.findings]
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join(' '))
  await engine.catalogs.apply(actor, plan.planId)
}

async function fill(engine: SeedableEngine): Promise<Known> {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
  const owners = await create(engine, numbers(OWNERS).map((i) => user(`owner${i}`, `owner${i}@example.com`))) // prettier-ignore
  const accounts = await create(engine, numbers(ACCOUNTS).map((i) => ({ object: 'Account', values: { Name: `Account ${i}`, OwnerId: owners[i % OWNERS]! } }))) // prettier-ignore
  const [account] = await create(engine, [{ object: 'Account', values: { Name: 'New cases' } }])
  const start = engine.database.clock.now() - (CASES / BATCH) * 1_000
  const cases: string[] = []
  for (let from = 0; from < CASES; from += BATCH)
    cases.push(...(await create(engine, numbers(BATCH).map((i) => caseOf(from + i, accounts)), start + from * 10))) // prettier-ignore
  await checkMilestones(engine)
  return { cases, owners, account: account! }
}

type New = Omit<Extract<SaveRequest, { operation: 'create' }>, 'operation'>

const user = (name: string, Username: string): New => ({
  object: 'User',
  values: { LastName: name, Username, Email: Username, IsActive: true, IsInternal: true },
})

/** Twenty each, of all priorities. */
const caseOf = (i: number, accounts: readonly string[]): New => ({
  object: 'Case',
  values: {
    Subject: `Case ${i}`,
    Status: 'New',
    Priority: PRIORITIES[(i + Math.floor(i / ACCOUNTS)) % 4]!,
    AccountId: accounts[i % ACCOUNTS]!,
  },
})

async function create(engine: SeedableEngine, news: readonly New[], at?: number): Promise<string[]> {
  const requests = news.map((one): SaveRequest => ({ operation: 'create', ...one }))
  const results = await engine.saveAt(actor, requests, at ?? engine.database.clock.now())
  const [error] = results.flatMap(({ errors }) => errors)
  if (error) throw new Error(`A ${news[0]!.object} was refused: ${error.field ?? ''} ${error.message}`)
  return results.map(({ id }) => id!)
}

async function checkMilestones({ database, catalogs }: SeedableEngine): Promise<void> {
  const object = catalogs.current().object('RecordMilestone')!
  const found = await database.get<{ count: number }>(`SELECT count(*) AS count FROM ${quote(object.table)}`)
  if (Number(found?.count) !== 2 * CASES) throw new Error(`${found?.count} milestones are running instead of ${2 * CASES}`) // prettier-ignore
}
