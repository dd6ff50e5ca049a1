/** Whole requests over HTTP as an agent of the demo organisation, 10 connections from a second thread: with the front handler, and through Express and Apollo. */
import { Agent, request } from 'node:http'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createApp } from './create-app.ts'

interface Load {
  readonly url: string
  readonly cookie: string
  readonly body: string
  readonly seconds: number
}

const SECONDS = 2
const RECORD = 'Id CaseNumber Subject Status Priority CreatedDate Account { Id Name }'
const QUERIES: { readonly [name: string]: (id: string) => object } = {
  'a: a case by id with its account': (id) => ({
    query: `query ($id: ID!) { CaseById(Id: $id) { ${RECORD} } }`,
    variables: { id },
  }),
  'b: 50 cases by priority, newest first': () => ({
    query: `query ($p: String) { Case(where: { Priority: { eq: $p } }, orderBy: [{ CreatedDate: DESC }], first: 50) { nodes { ${RECORD} } } }`,
    variables: { p: 'Medium' },
  }),
  'c: accounts with their cases': () => ({
    query:
      '{ Account(first: 50) { nodes { Id Name Cases(first: 20) { nodes { Id CaseNumber Subject Status Priority } } } } }',
  }),
  'd: create a case with its process': () => ({
    query:
      'mutation { CaseCreate(input: { Subject: "Bench", Priority: "High" }) { record { Id CaseNumber } errors { message } } }',
  }),
}

export async function bench() {
  const [front, full] = [await figures(true), await figures(false)]
  return Object.keys(QUERIES).map((name) => ({
    name,
    value: front[name]!,
    unit: 'requests/s',
    ratio: front[name]! / full[name]!,
    against: 'the same without the front handler',
  }))
}

async function figures(front: boolean): Promise<{ readonly [name: string]: number }> {
  const app = await createApp({ databaseUrl: 'sqlite::memory:', clock: 'manual', worker: false, front, requestsPerMinute: 10_000_000 }) // prettier-ignore
  const signIn = await fetch(`${app.url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ana@example.com', password: app.demoUsers[0]?.password }),
  })
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!
  const first = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: '{"query":"{ Case(first: 1) { nodes { Id } } }"}',
  })
  const { data } = (await first.json()) as { data: { Case: { nodes: { Id: string }[] } } }
  const results: { [name: string]: number } = {}
  for (const [name, make] of Object.entries(QUERIES))
    results[name] = await run({
      url: app.url,
      cookie,
      body: JSON.stringify(make(data.Case.nodes[0]!.Id)),
      seconds: SECONDS,
    })
  await app.close()
  return results
}

function run(load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: load })
    worker.once('message', (rate: number) => resolve(rate))
    worker.once('error', reject)
  })
}

async function press({ url, cookie, body, seconds }: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), cookie }
  const post = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request(`${url}/graphql`, { agent, method: 'POST', headers }, (answer) =>
        answer.resume().on('end', resolve),
      )
      sent.on('error', reject).end(body)
    })
  for (let i = 0; i < 50; i++) await post()
  let count = 0
  const end = Date.now() + seconds * 1000
  await Promise.all(Array.from({ length: 10 }, async () => { while (Date.now() < end) { await post(); count++ } })) // prettier-ignore
  agent.destroy()
  return Math.round(count / seconds)
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
if (!isMainThread && (workerData as Load | null)?.url) parentPort!.postMessage(await press(workerData as Load))
