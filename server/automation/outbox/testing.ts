import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A real mail server on a free loopback port; `refuse` makes it turn messages away. */
export interface MailServer {
  readonly url: string
  readonly messages: readonly { readonly to: readonly string[]; readonly text: string }[]
  refuse(yes: boolean): void
  close(): Promise<void>
}

export async function mailServer(): Promise<MailServer> {
  const messages: { to: string[]; text: string }[] = []
  let refusing = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      stream.on('end', () => {
        if (refusing) return done(Object.assign(new Error('Mailbox busy'), { responseCode: 451 }))
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
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A receiver of webhooks that answers with the status it is told. */
export interface Receiver {
  readonly url: string
  readonly requests: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[]
  answer(status: number): void
  close(): Promise<void>
}

export async function receiver(): Promise<Receiver> {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = []
  let status = 200
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      requests.push({ headers: request.headers, body })
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    answer: (code) => void (status = code),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
