/** For tests: a whole server on a free port with a fresh database, and people who talk to it over HTTP. */
import { afterAll, onTestFinished } from 'vitest'
import { manualClock, type ManualClock } from '#database'
import { ApiTokens } from './auth/api-tokens.ts'
import { storeCredential } from './auth/credentials.ts'
import { hashPassword } from './auth/password-threads/argon2.ts'
import { createApp, type App, type CreateAppOptions } from './index.ts'

const START = Date.UTC(2026, 2, 9, 14, 0)
const PASSWORD = 'correct horse battery'

export interface Answer {
  readonly data?: { readonly [key: string]: never } | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly unknown[]
    readonly extensions: { readonly code: string }
  }[]
}

export class Person {
  readonly app: App
  readonly headers: { readonly [name: string]: string }
  constructor(app: App, headers: { readonly [name: string]: string }) {
    this.app = app
    this.headers = headers
  }

  post(path: string, body: unknown, headers: { readonly [name: string]: string } = {}): Promise<Response> {
    return fetch(this.app.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  }

  async text(query: string, variables?: object): Promise<string> {
    return (await this.post('/graphql', { query, variables })).text()
  }

  /** The whole answer. */
  async ask(query: string, variables?: object): Promise<Answer> {
    return JSON.parse(await this.text(query, variables)) as Answer
  }

  /** The data; an error fails the test. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers freely
  async data(query: string, variables?: object): Promise<any> {
    const answer = await this.ask(query, variables)
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
    return answer.data
  }
}

export interface TestServer {
  readonly app: App
  readonly clock: ManualClock
  readonly admin: Person
  readonly nobody: Person
  /** A new user with these permission sets, signed in. */
  person(username: string, ...permissionSets: string[]): Promise<Person>
  /** Plans and applies; a finding fails the test. */
  change(...changes: object[]): Promise<number>
}

export async function startServer(
  databaseUrl: string,
  options: Partial<CreateAppOptions> = {},
  keep?: (close: () => Promise<void>) => void,
): Promise<TestServer> {
  const clock = manualClock(START)
  const app = await createApp({ databaseUrl, clock, organisation: 'empty', worker: false, ...options })
  if (keep) keep(app.close)
  else onTestFinished(() => app.close())
  const nobody = new Person(app, {})
  const made = await nobody.post('/auth/setup', {
    token: tokenOf(app.setupUrl!),
    username: 'admin@example.com',
    firstName: 'Alex',
    lastName: 'Admin',
    password: PASSWORD,
  })
  const admin = new Person(app, { cookie: cookieFrom(made) })
  return {
    app,
    clock,
    admin,
    nobody,
    person: (username, ...sets) => addPerson(app, admin, username, sets),
    change: (...changes) => change(admin, changes),
  }
}

/** Called in `beforeAll`: the server lives until the end of the block. */
export async function keepServer(databaseUrl: string, options: Partial<CreateAppOptions> = {}): Promise<TestServer> {
  let close: (() => Promise<void>) | undefined
  afterAll(async () => close?.())
  return startServer(databaseUrl, options, (made) => (close = made))
}

/** Without the measure of guessability, and without a thread. */
export const givePassword = (app: App, userId: string, password: string): Promise<void> =>
  app.engine.database.transaction((tx) => storeCredential(tx, userId, hashPassword(password)))

/** Of a one-time link: it stands behind the #. */
export const tokenOf = (link: string): string => link.split('#')[1] ?? ''

export const cookieFrom = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? ''

export async function addPerson(app: App, admin: Person, username: string, sets: readonly string[]): Promise<Person> {
  const { UserCreate } = await admin.data(
    'mutation ($u: String!) { UserCreate(input: { Username: $u, LastName: $u, Email: $u, IsActive: true, IsInternal: true }) { record { Id } errors { message } } }',
    { u: username },
  )
  const id = UserCreate.record.Id as string
  for (const set of sets)
    await admin.data(
      'mutation ($id: ID!, $set: String!) { PermissionSetAssignmentCreate(input: { AssigneeId: $id, PermissionSet: $set }) { errors { message } } }',
      { id, set },
    )
  const made = await new ApiTokens(app.engine).create(id, { label: 'test', days: 1 })
  return new Person(app, { authorization: `Bearer ${made!.token}` })
}

async function change(admin: Person, changes: readonly object[]): Promise<number> {
  const { metadataPlan } = await admin.data(
    'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId findings { severity message } } }',
    { changes },
  )
  const errors = metadataPlan.findings.filter((finding: { severity: string }) => finding.severity === 'error')
  if (errors.length) throw new Error(JSON.stringify(errors))
  const { metadataApply } = await admin.data(
    'mutation ($id: ID!) { metadataApply(planId: $id) { version findings { severity message } } }',
    { id: metadataPlan.planId },
  )
  return metadataApply.version as number
}

/** Takes a change of the metadata back. */
export async function undoChange(admin: Person, version: number): Promise<void> {
  const { plan } = await admin.data(
    'mutation ($v: Int!) { plan: metadataUndoPlan(version: $v, allowDestructive: true) { planId } }',
    { v: version },
  )
  await admin.data('mutation ($id: ID!) { metadataApply(planId: $id) { version } }', { id: plan.planId })
}
