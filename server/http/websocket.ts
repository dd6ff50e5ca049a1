/** graphql-ws on /graphql: only for callers who are signed in, only from our own pages or programs, only for as long as what they came in with. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerOptions } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { WAYS_IN_ENDED } from '#automation'
import type { Database } from '#database'
import type { Caller, GraphqlRoom } from '#graphql'
import type { Authenticator } from './auth/authenticate.ts'
import { GuardedSocket } from './guarded-socket.ts'
import { answersTo } from './hosts.ts'
import type { RequestLimit } from './request-limit.ts'
import { SocketLimits } from './socket-limits.ts'
import { isOwnOrigin, type SecurityOptions } from './security.ts'

type Extra = { readonly request: IncomingMessage; readonly socket: WebSocket }
/** “Try again later”: clients do, where other codes above 1001 are an end. */
const TRY_LATER = 1013
/** graphql-ws's "Too many requests", of which it makes an end. */
const TOO_MANY = 4429
const MAX_MESSAGE = 100_000
/** What has run out tells nobody, and a message may be lost. */
const LOOK_EVERY = 30_000
/** graphql-ws's "Forbidden": its clients try again, which helps a page that has a new session by now. */
const SIGNED_OUT = 4403

export interface WebSocketOptions {
  readonly graphql: GraphqlRoom
  readonly authenticator: Authenticator
  readonly security: SecurityOptions
  readonly database: Database
  readonly limit: RequestLimit
}

export function webSockets(server: Server, options: WebSocketOptions): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    WebSocket: GuardedSocket,
    handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  })
  const callerOf = async ({ request }: Extra): Promise<Caller | undefined> => {
    const found = await options.authenticator.of(request.headers, { cookies: true })
    return found?.caller.user ? found.caller : undefined
  }
  const tryLater = ({ socket }: Extra): void => socket.close(TRY_LATER, 'The database is not available.')
  const own = options.graphql.webSocketOptions<Extra>(callerOf, tryLater)
  const handler = useServer(limited(own, callerOf, new SocketLimits(options.limit)) as never, sockets)
  const stopWatching = closeWhenSignedOut(sockets, options)
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOf(request, options.security)
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
  }
  server.on('upgrade', upgrade)
  return {
    async close() {
      server.off('upgrade', upgrade)
      stopWatching()
      await handler.dispose()
    },
  }
}

function refusalOf(request: IncomingMessage, security: SecurityOptions): string | undefined {
  if (!answersTo(request, security)) return '421 Misdirected Request'
  if (request.url?.split('?')[0] !== '/graphql') return '404 Not Found'
  return isOwnOrigin(request, security) ? undefined : '403 Forbidden'
}

/** The options with how much one user may have of it. A database that is away is for the options themselves to tell. */
function limited(
  own: ServerOptions<Record<string, unknown>, Extra>,
  callerOf: (extra: Extra) => Promise<Caller | undefined>,
  limits: SocketLimits,
): ServerOptions<Record<string, unknown>, Extra> {
  return {
    ...own,
    onConnect: async (context) => {
      const caller = await callerOf(context.extra).catch(() => undefined)
      if (!caller || limits.open(context, caller)) return own.onConnect?.(context)
      return context.extra.socket.close(TOO_MANY, 'Too many connections are open.')
    },
    onDisconnect: (context) => limits.close(context),
    onClose: (context) => limits.close(context),
    onSubscribe: async (context, id, payload) => {
      const refusal = limits.refusal(context)
      return refusal ? [refusal] : own.onSubscribe?.(context, id, payload)
    },
  }
}

/** A socket is noted before it is asked who it is, so that no end of a session comes too early for it. */
function closeWhenSignedOut(sockets: WebSocketServer, { authenticator, database }: WebSocketOptions): () => void {
  const open = new Map<string, Set<WebSocket>>()
  sockets.on('connection', (socket, { headers }) => {
    const key = authenticator.keyOf(headers)
    if (key === undefined) return
    const those = open.get(key) ?? new Set()
    open.set(key, those.add(socket))
    socket.once('close', () => those.delete(socket) && those.size === 0 && open.delete(key))
  })
  const end = (keys: readonly string[]): void => {
    for (const key of keys)
      for (const socket of open.get(key) ?? []) socket.close(SIGNED_OUT, 'Your session has ended.')
  }
  // A database that can't be asked ends nobody's session.
  const look = async (): Promise<void> => {
    const keys = [...open.keys()]
    const live = keys.length ? await authenticator.liveOf(keys).catch(() => new Set(keys)) : new Set()
    end(keys.filter((key) => !live.has(key)))
  }
  const timer = setInterval(() => void look(), LOOK_EVERY).unref()
  const stopListening = database.listen(WAYS_IN_ENDED, (keys) =>
    keys === undefined ? void look() : end(keys.split(' ')),
  )
  return () => (clearInterval(timer), stopListening())
}
