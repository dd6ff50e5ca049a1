/** This product as a customer runs it: production, worker on, asked by an agent who has signed in. */
import { join } from 'node:path'
import { AGENT } from './organisation.ts'
import { ask, serverOf, start, whenReady, type Server } from './server.ts'

const MAIN = join(import.meta.dirname, '../../main.ts')
const CASE = 'Id CaseNumber Subject Status Priority CreatedDate'

const documents = {
  a: `query ($id: ID!) { Case: CaseById(Id: $id) { ${CASE} Account { Id Name } } }`,
  b: `query ($priority: String!) { Case(where: { Priority: { eq: $priority } }, orderBy: [{ CreatedDate: DESC }, { Id: DESC }], first: 50) { nodes { ${CASE} Account { Id Name } } } }`,
  c: `query ($owner: ID!) { Account(where: { OwnerId: { eq: $owner } }, orderBy: [{ Id: ASC }], first: 50) { nodes { Id Name Cases(orderBy: [{ CaseNumber: ASC }], first: 20) { nodes { Id CaseNumber Subject Status Priority } } } } }`,
  d: 'mutation ($subject: String!, $priority: String!, $account: ID!) { CaseCreate(input: { Subject: $subject, Priority: $priority, AccountId: $account }) { record { Id Subject } errors { message } } }',
}

export async function startMilepost(name: string, databaseUrl: string): Promise<Server> {
  const env = { DATABASE_URL: databaseUrl, PORT: '0', HOST: '127.0.0.1', MILEPOST_REQUESTS_PER_MINUTE: '10000000' }
  const program = start(MAIN, [], env)
  const url = await whenReady(program, () => /ready at (\S+)/.exec(program.output())?.[1])
  const asked = { url: `${url}/graphql`, headers: { cookie: await signIn(url) } }
  return serverOf(program, { name, ...asked, documents, checkCreated: (id) => checkCreated(asked, id) })
}

/** The process runs and has promised something. */
async function checkCreated(asked: Pick<Server, 'url' | 'headers'>, id: string): Promise<void> {
  const query = 'query ($id: ID!) { CaseById(Id: $id) { EntitlementProcessVersionId Milestones { nodes { Status TargetDate } } } }' // prettier-ignore
  const { CaseById } = (await ask(asked, query, { id })) as { CaseById: { EntitlementProcessVersionId: string | null; Milestones: { nodes: object[] } } } // prettier-ignore
  if (!CaseById.EntitlementProcessVersionId || CaseById.Milestones.nodes.length !== 2)
    throw new Error(`The new case has no process: ${JSON.stringify(CaseById)}`)
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: AGENT.username, password: AGENT.password }),
  })
  if (!answer.ok) throw new Error(`Nobody could sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers.get('set-cookie')!.split(';')[0]!
}
