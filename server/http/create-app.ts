/** A whole server: database, engine, GraphQL, HTTP. What main starts, and what tests start on a free port. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Mail, SeedableEngine } from '#automation'
import type { ManualClock } from '#database'
import { createGraphql, type GraphqlRoom } from '#graphql'
import { createExpress } from './app.ts'
import { AccountLinks } from './auth/account-links.ts'
import { accountMail } from './auth/account-mail.ts'
import { ApiTokens } from './auth/api-tokens.ts'
import { Authenticator } from './auth/authenticate.ts'
import { Callers } from './auth/callers.ts'
import { Credentials } from './auth/credentials.ts'
import { Devices } from './auth/devices.ts'
import { LinkEntry } from './auth/link-entry.ts'
import { OneTimeLinks } from './auth/one-time-links.ts'
import { Passwords } from './auth/passwords.ts'
import type { AuthRoom, DemoUser } from './auth/room.ts'
import { Sessions } from './auth/sessions.ts'
import { Setup } from './auth/setup.ts'
import { Throttle } from './auth/throttle.ts'
import { boot, rememberClock, StartError, type Booted } from './boot.ts'
import { demoUsers } from './demo-users.ts'
import { front } from './front.ts'
import { readiness } from './health.ts'
import { answersTo, misdirected } from './hosts.ts'
import { logError, type LogError } from './log.ts'
import { Metrics } from './metrics.ts'
import { RequestLimit } from './request-limit.ts'
import { webSockets } from './websocket.ts'

export interface CreateAppOptions {
  /** `sqlite:path`, `sqlite::memory:` or `postgres://…`. */
  readonly databaseUrl: string
  /** 0, the default: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** A clock of the caller's own, or `manual`, whose position is kept in the database. */
  readonly clock?: 'system' | 'manual' | ManualClock
  /** What an empty database becomes; default demo. */
  readonly organisation?: 'demo' | 'empty'
  readonly production?: boolean
  readonly publicUrl?: string
  readonly trustProxy?: number
  /** Of one user, or one address from which nobody has signed in. */
  readonly requestsPerMinute?: number
  /** false: plan-cache hits go the long way too. */
  readonly front?: boolean
  /** false: timers fire only by `clockAdvance` or `engine.runDue()`. */
  readonly worker?: boolean
  readonly studioFolder?: string
  readonly mail?: Mail
  /** Hosts inside the own network that webhooks may reach; `*` for all. */
  readonly privateHosts?: readonly string[]
  /** Gives a link by which an administrator is made although there is one: the way back when passwords are lost. */
  readonly setupLink?: boolean
  readonly logError?: LogError
  /** Who has it may read /metrics; without it only programs on this machine may. */
  readonly metricsToken?: string
  /** Told what the terminal should know before the server is ready. */
  readonly say?: (text: string) => void
}

export interface App {
  readonly url: string
  readonly server: Server
  readonly engine: SeedableEngine
  readonly graphql: GraphqlRoom
  readonly demoUsers: readonly DemoUser[]
  /** Address by which an administrator is made: when there is none who can sign in, or when it was asked for. */
  readonly setupUrl?: string
  close(): Promise<void>
}

const STUDIO = join(import.meta.dirname, '../../studio/dist')
const DRAIN_MS = 10_000

export async function createApp(options: CreateAppOptions): Promise<App> {
  const production = options.production ?? false
  if (production && options.clock !== undefined && options.clock !== 'system')
    throw new StartError('A manual clock is refused in production. Unset MILEPOST_CLOCK or NODE_ENV.')
  let listening: string | undefined
  /** What links in e-mails begin with. In production only an operator knows it: what it listens to is inside the house. */
  const address = () => options.publicUrl ?? (production ? undefined : listening)
  const booted = await boot({
    databaseUrl: options.databaseUrl,
    clock: options.clock ?? 'system',
    organisation: options.organisation ?? (production ? 'empty' : 'demo'),
    ...(options.mail ? { mail: options.mail } : {}),
    writeMail: accountMail(address),
    ...(options.privateHosts ? { privateHosts: options.privateHosts } : {}),
    ...(options.say ? { say: options.say } : {}),
  })
  const { engine, database } = booted
  try {
    if (production && booted.demo)
      throw new StartError(
        'This database holds the demo organisation, whose passwords everybody knows. Use another database in production.',
      )
    const log = options.logError ?? logError
    const demo = booted.demo ? await demoUsers(database) : []
    const auth = authRoom(booted, options, demo, log)
    const graphql = createGraphql({
      engine: auth.engine,
      cursorKey: booted.cursorKey,
      logError: log,
      ...clockMutation(booted),
    })
    const isReady = readiness(database)
    const metrics = new Metrics(engine, isReady)
    const limit = new RequestLimit(options.requestsPerMinute ?? 60_000)
    const app = createExpress({
      engine,
      readiness: isReady,
      metrics,
      ...(options.metricsToken ? { metricsToken: options.metricsToken } : {}),
      graphql,
      auth,
      studioFolder: options.studioFolder ?? STUDIO,
      trustProxy: options.trustProxy ?? 0,
      limit,
      logError: log,
    })
    const handler = front(
      {
        graphql,
        authenticator: auth.authenticator,
        security: auth.security,
        fast: options.front ?? true,
        now: () => database.clock.now(),
        logError: log,
        limit,
      },
      app,
    )
    const server = createServer((request, response) => {
      metrics.watch(request, response)
      if (answersTo(request, auth.security)) handler(request, response)
      else misdirected(response)
    })
    server.requestTimeout = 60_000
    const sockets = webSockets(server, {
      graphql,
      authenticator: auth.authenticator,
      security: auth.security,
      database,
      limit,
    })
    const url = (listening = await listen(server, options))
    if (options.worker ?? true) await engine.start()
    const setupUrl =
      options.setupLink || (await auth.setup.isOpen())
        ? (options.publicUrl ?? url) + (await auth.setup.newPath())
        : undefined
    const close = async () => {
      await sockets.close()
      await drain(server)
      await auth.accountLinks.close()
      await engine.stop()
      await graphql.stop()
      auth.callers.close()
      await auth.passwords.close()
      auth.sessions.close()
      metrics.close()
      await database.close()
    }
    return { url, server, engine, graphql, demoUsers: demo, ...(setupUrl ? { setupUrl } : {}), close }
  } catch (error) {
    await engine.stop()
    await database.close()
    throw error
  }
}

function clockMutation({ engine, database, manualClock }: Booted) {
  if (!manualClock) return {}
  const advanceClock = async (ms: number): Promise<number> => {
    manualClock.advance(ms)
    await rememberClock(database, manualClock)
    await engine.runDue()
    return manualClock.now()
  }
  return { advanceClock }
}

function authRoom(
  { engine: unwatched, database, cursorKey }: Booted,
  options: CreateAppOptions,
  demo: readonly DemoUser[],
  logError: LogError,
): AuthRoom {
  const secure = options.publicUrl ? options.publicUrl.startsWith('https:') : (options.production ?? false)
  const security = {
    secure,
    ...(options.publicUrl ? { publicUrl: options.publicUrl } : {}),
    ...(options.host ? { boundTo: options.host } : {}),
  }
  const sessions = new Sessions(database)
  const tokens = new ApiTokens(unwatched)
  const callers = new Callers(unwatched)
  const engine = callers.watch(unwatched)
  const passwords = new Passwords()
  const credentials = new Credentials(database, passwords)
  const links = new OneTimeLinks(database)
  const mails = Boolean(options.mail && (options.publicUrl || !options.production))
  const authenticator = new Authenticator({ sessions, tokens, callers, secure })
  return {
    security,
    sessions,
    tokens,
    callers,
    passwords,
    credentials,
    throttle: new Throttle(database),
    devices: new Devices(cursorKey, secure),
    authenticator,
    engine,
    links,
    mails,
    setup: new Setup(engine, links, passwords),
    accountLinks: new AccountLinks({ engine, links, credentials, callers, mails, logError }),
    linkEntry: new LinkEntry({ engine, links, callers, sessions, passwords, credentials }),
    demoUsers: () => demo,
  }
}

function listen(server: Server, { port = 0, host = '127.0.0.1' }: CreateAppOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)))
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo
      resolve(`http://${host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${actual}`)
    })
  })
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): StartError {
  if (error.code === 'EADDRINUSE')
    return new StartError(
      `Port ${port} is in use by another program. Stop it, or choose another: PORT=${port + 1} npm start`,
    )
  if (error.code === 'EACCES')
    return new StartError(
      `Port ${port} needs more rights than this program has. Choose one above 1023, e.g. PORT=4000.`,
    )
  return new StartError(`The server can’t listen on ${host}:${port}: ${error.message}`)
}

/** Lets requests under way finish, for a while; a connection is closed as soon as its last answer is out. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 25)
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve()
    })
  })
}
