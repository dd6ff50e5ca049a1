import { createServer } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A real mail server on a free loopback port; `refuse` makes it turn messages away, `unknown` recipients. */
export interface MailServer {
  readonly url: string
  readonly messages: readonly { readonly to: readonly string[]; readonly text: string }[]
  /** With 451, try again later, or with another code. */
  refuse(yes: boolean | number): void
  unknown(address: string): void
  /** As new: no messages, nothing refused. */
  reset(): void
  close(): Promise<void>
}

export async function mailServer(): Promise<MailServer> {
  const messages: { to: string[]; text: string }[] = []
  let refusing: boolean | number = false
  let nobody = ''
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) =>
      done(address === nobody ? Object.assign(new Error('No such user'), { responseCode: 550 }) : undefined),
    onData: (stream, session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      stream.on('end', () => {
        if (refusing !== false) return done(refusal(refusing))
        messages.push({ to: session.envelope.rcptTo.map((r) => r.address), text })
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refuse: (yes) => void (refusing = yes),
    unknown: (address) => void (nobody = address),
    reset: () => {
      messages.length = 0
      refusing = false
      nobody = ''
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const refusal = (code: number | true): Error =>
  code === true
    ? Object.assign(new Error('Mailbox busy'), { responseCode: 451 })
    : Object.assign(new Error('Not taken'), { responseCode: code })

/** A receiver of webhooks that answers with the status it is told. */
export interface Receiver {
  readonly url: string
  readonly requests: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[]
  answer(status: number, headers?: OutgoingHttpHeaders): void
  /** It never stops to answer. */
  talk(endlessly: boolean): void
  /** It takes requests and never answers them. */
  hang(): void
  /** As new: no requests, and each is answered with 200. */
  reset(): void
  close(): Promise<void>
}

export async function receiver(port = 0): Promise<Receiver> {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = []
  let status = 200
  let headers: OutgoingHttpHeaders = {}
  let talking = false
  let hanging = false
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      requests.push({ headers: request.headers, body })
      if (hanging) return
      response.writeHead(status, headers)
      if (talking) talkOn(response)
      else response.end()
    })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    answer: (code, more = {}) => {
      status = code
      headers = more
    },
    talk: (endlessly) => void (talking = endlessly),
    hang: () => void (hanging = true),
    reset: () => {
      requests.length = 0
      status = 200
      headers = {}
      talking = false
      hanging = false
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A server that takes connections and never says a word. */
export interface SilentServer {
  readonly port: number
  /** Connections that came in so far. */
  connections(): number
  close(): Promise<void>
}

export async function silentServer(): Promise<SilentServer> {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.length,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function talkOn(response: ServerResponse): void {
  if (!response.destroyed) response.write('x'.repeat(65_536), () => talkOn(response))
}
