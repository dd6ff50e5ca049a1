/** graphql-ws on /graphql: only for callers who are signed in, only from our own pages or programs. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { Caller, GraphqlRoom } from '#graphql'
import type { Authenticator } from './auth/authenticate.ts'
import { isOwnOrigin, type SecurityOptions } from './security.ts'

type Extra = { readonly request: IncomingMessage }
const MAX_MESSAGE = 100_000

export function webSockets(
  server: Server,
  options: { readonly graphql: GraphqlRoom; readonly authenticator: Authenticator; readonly security: SecurityOptions },
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  })
  const callerOf = async ({ request }: Extra): Promise<Caller | undefined> => {
    const found = await options.authenticator.of(request.headers, { cookies: true })
    return found?.caller.user ? found.caller : undefined
  }
  const handler = useServer(options.graphql.webSocketOptions<Extra>(callerOf) as never, sockets)
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    const refusal =
      request.url?.split('?')[0] !== '/graphql'
        ? '404 Not Found'
        : isOwnOrigin(request, options.security)
          ? undefined
          : '403 Forbidden'
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
  }
  server.on('upgrade', upgrade)
  return {
    async close() {
      server.off('upgrade', upgrade)
      await handler.dispose()
    },
  }
}
