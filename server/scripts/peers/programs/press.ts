// The load: asks a server from connections of its own for some seconds, each one question after another, and tells its parent how many answers came and how late.
// Plain sockets, so that the asking costs little beside the answering: both share the machine.
import { connect, type Socket } from 'node:net'
import type { Load, Pressed } from '../load.ts'
import { NUMBER } from '../load.ts'

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

process.on('message', (load: Load) => {
  press(load).then(
    (pressed) => process.send!(pressed),
    (error: Error) => process.send!({ problem: error.message }),
  )
})

async function press(load: Load): Promise<Pressed> {
  const late: number[] = []
  const end = performance.now() + load.seconds * 1000
  let asked = 0
  const talk = async (socket: Socket): Promise<void> => {
    const answer = answers(socket)
    while (performance.now() < end) {
      const start = performance.now()
      socket.write(requestOf(load, asked++))
      check(await answer(), load.expect)
      late.push(performance.now() - start)
    }
    socket.destroy()
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: load.connections }, async () => talk(await connected(load.url))))
  const seconds = (performance.now() - start) / 1000
  late.sort((a, b) => a - b)
  return { count: late.length, seconds, p50: late[late.length >> 1]!, p99: late[Math.floor(late.length * 0.99)]! }
}

function requestOf({ url, headers, bodies, from }: Load, asked: number): string {
  const { host, pathname } = new URL(url)
  const body = bodies[asked % bodies.length]!.replaceAll(NUMBER, String(from + asked).padStart(NUMBER.length, '0'))
  const head = { host, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
  return `POST ${pathname} HTTP/1.1\r\n${Object.entries(head).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n${body}` // prettier-ignore
}

const connected = (url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })

/** Gives whole answers, one for each call. */
function answers(socket: Socket): () => Promise<Buffer> {
  let parts: Buffer[] = []
  let waiting: PromiseWithResolvers<Buffer> | undefined
  socket.on('close', () => waiting?.reject(new Error('the server hung up')))
  socket.on('data', (part) => {
    parts.push(part as Buffer)
    if (!parts[0]!.includes(HEAD_END)) parts = [Buffer.concat(parts)]
    if (!isWhole(parts)) return
    const whole = Buffer.concat(parts)
    parts = []
    waiting!.resolve(whole)
  })
  return () => (waiting = Promise.withResolvers<Buffer>()).promise
}

function isWhole(parts: readonly Buffer[]): boolean {
  const first = parts[0]!
  const bodyAt = first.indexOf(HEAD_END) + HEAD_END.length
  const length = /content-length: *(\d+)/i.exec(first.toString('latin1', 0, bodyAt))?.[1]
  if (length === undefined) return Buffer.concat(parts).subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
  return parts.reduce((sum, part) => sum + part.length, 0) === bodyAt + Number(length)
}

function check(answer: Buffer, expect: string): void {
  if (answer.toString('latin1', 9, 12) !== '200' || !answer.includes(expect))
    throw new Error(`an answer under load was wrong: ${answer.toString().slice(0, 600)}`)
}
