/** What somebody's ordinary request takes while others attack: the server, the attacker and the one who asks are processes of their own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { onBothDatabases } from '#test/both-databases'
import { start, whenReady } from '../../scripts/peers/server.ts'
import { ATTACKS, type Attack } from './attacks.ts'

interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio: number
  readonly against: string
}

interface Target {
  readonly url: string
  /** Of the administrator, the attacker, the one who asks, and a fourth. */
  readonly cookies: readonly string[]
}

const SECONDS = 6
const MAIN = join(import.meta.dirname, '../../main.ts')
const PEOPLE = ['admin', 'ana', 'ben', 'rita'].map((name) => `${name}@example.com`)
const ASKED = { query: '{ Case(orderBy: [{ CreatedDate: DESC }], first: 20) { nodes { Id Subject Status Priority Account { Name } } } }' } // prettier-ignore
const SUBSCRIBERS = '300 sockets with 20 subscriptions each, and ten changes a second'

export const bench = (): Promise<Measure[]> => onBothDatabases(figures)

/** Each attack beside the quiet just before it. */
async function figures(databaseUrl: string): Promise<Measure[]> {
  const program = start(MAIN, [], { NODE_ENV: 'development', DATABASE_URL: databaseUrl, PORT: '0', HOST: '127.0.0.1' })
  try {
    const url = await whenReady(program, () => /ready at (\S+)/.exec(program.output())?.[1])
    const target = { url, cookies: await Promise.all(PEOPLE.map((who) => signIn(url, who))) }
    await delays(target, wait(2_000))
    const measures = []
    for (const name of [SUBSCRIBERS, ...ATTACKS.map((attack) => attack.name)]) {
      const quiet = await delays(target, wait(SECONDS * 1_000))
      const attacker = fork(import.meta.filename, ['attack'])
      attacker.send({ target, name })
      await once(attacker, 'message')
      const beside = await delays(target, once(attacker, 'exit'))
      measures.push({ name: `${name}: an ordinary request, p99`, value: beside, unit: 'ms', ratio: round(beside / quiet), against: 'without it' }) // prettier-ignore
    }
    return measures
  } finally {
    program.process.kill()
    await once(program.process, 'exit')
  }
}

async function signIn(url: string, username: string): Promise<string> {
  const answer = await fetch(`${url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'milepost-demo' }),
  })
  if (!answer.ok) throw new Error(`${username} could not sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

/** p99 in milliseconds of one request after another until something is over. */
async function delays({ url, cookies }: Target, over: Promise<unknown>): Promise<number> {
  const post = poster(`${url}/graphql`, cookies[2]!)
  const late: number[] = []
  let going = true
  void over.finally(() => (going = false))
  while (going) {
    const began = performance.now()
    const status = await post(JSON.stringify(ASKED))
    late.push(performance.now() - began)
    if (status !== 200) throw new Error(`The one who asks was answered ${status}.`)
    await wait(5)
  }
  await over
  late.sort((a, b) => a - b)
  return round(late[Math.floor(late.length * 0.99)]!)
}

const round = (value: number): number => Number(value.toPrecision(3))

/** Sends bodies, or GETs, and gives each answer's status; a connection that the server closes early counts as answered. */
function poster(url: string, cookie: string | undefined): (body: string | null) => Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) }
  return (body) =>
    new Promise((resolve) => {
      const sent = request(url, { agent, method: body === null ? 'GET' : 'POST', headers }, (answer) => {
        answer.resume().on('close', () => resolve(answer.statusCode!))
      })
      sent.on('error', () => resolve(0)).end(body ?? undefined)
    })
}

async function attack({ target, name }: { readonly target: Target; readonly name: string }): Promise<void> {
  const known = ATTACKS.find((one) => one.name === name)
  if (!known) await subscribe(target)
  process.send!('begun')
  await (known ? press(target, known) : change(target))
  process.exit()
}

/** One request after another. */
async function press({ url, cookies }: Target, { by, path, bodies }: Attack): Promise<void> {
  const post = poster(url + path, by === 'reader' ? cookies[1] : undefined)
  const end = performance.now() + SECONDS * 1_000
  for (let sent = 0; performance.now() < end; sent++)
    if (!(await post(bodies && bodies[sent % bodies.length]!))) await wait(10)
}

/** Resolves once all have asked; what is refused stays away. */
async function subscribe({ url, cookies }: Target): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const headers = { cookie: cookies[i % cookies.length]! }
    const webSocketImpl = class extends WebSocket { constructor(to: string, protocols: string) { super(to, protocols, { headers }) } } // prettier-ignore
    const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl, retryAttempts: 0, onNonLazyError: () => undefined }) // prettier-ignore
    const ignore = { next: () => undefined, error: () => undefined, complete: () => undefined }
    for (let n = 0; n < 20; n++)
      client.subscribe({ query: 'subscription ($w: CaseWhere) { CaseChanged(where: $w) { id record { Subject } } }', variables: { w: { Subject: { ne: `${i} ${n}` } } } }, ignore) // prettier-ignore
  }
  await wait(3_000)
}

async function change({ url, cookies }: Target): Promise<void> {
  const post = poster(`${url}/graphql`, cookies[0])
  for (let i = 0; i < SECONDS * 10; i++) {
    await post(JSON.stringify({ query: `mutation { CaseCreate(input: { Subject: "news ${i}" }) { record { Id } } }` }))
    await wait(100)
  }
}

if (process.send && process.argv[2] === 'attack') process.once('message', (message) => void attack(message as never))
