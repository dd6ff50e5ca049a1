/** Servers in turn under the same load, round after round; the medians. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Load, Pressed } from './load.ts'
import type { Known } from './organisation.ts'
import { EXPECTED, questions } from './questions.ts'
import type { CaseName, Server } from './server.ts'

export const CONNECTIONS = 10
export const ROUNDS = 3
const WARM_UP_SECONDS = 1

export interface Contestant {
  readonly server: Server
  readonly known: Known
}

export interface Cell {
  readonly server: string
  readonly case: CaseName
  readonly requestsPerSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of the server process, a request. */
  readonly cpuMs: number
}

export async function measure(contestants: readonly Contestant[], seconds: number): Promise<Cell[]> {
  const presser = fork(join(import.meta.dirname, 'programs/press.ts'), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }) // prettier-ignore
  const found = new Map<string, Cell[]>()
  // Creating comes last: what it leaves to be tidied up would be paid for by the questions after it.
  for (const name of ['a', 'b', 'c', 'd'] as const)
    for (let round = 0; round < ROUNDS; round++)
      for (const contestant of contestants.filter(({ server }) => server.documents[name])) {
        const cell = await measureOne(presser, contestant, name, seconds)
        const key = `${cell.server} ${name}`
        found.set(key, [...(found.get(key) ?? []), cell])
      }
  presser.disconnect()
  return [...found.values()].map(medians)
}

async function measureOne(
  presser: ChildProcess,
  { server, known }: Contestant,
  name: CaseName,
  seconds: number,
): Promise<Cell> {
  const { url, headers, documents } = server
  const bodies = questions(known)[name].map((variables) => JSON.stringify({ query: documents[name], variables }))
  const load = { url, headers, bodies, connections: CONNECTIONS, expect: EXPECTED }
  await press(presser, { ...load, seconds: WARM_UP_SECONDS })
  const before = await server.cpu()
  const pressed = await press(presser, { ...load, seconds })
  const cpuMs = ((await server.cpu()) - before) / pressed.count
  return { server: server.name, case: name, requestsPerSecond: pressed.count / pressed.seconds, p50: pressed.p50, p99: pressed.p99, cpuMs } // prettier-ignore
}

let presses = 0

async function press(presser: ChildProcess, load: Omit<Load, 'from'>): Promise<Pressed> {
  presser.send({ ...load, from: ++presses * 1_000_000 })
  const [answer] = (await once(presser, 'message')) as [Pressed | { problem: string }]
  if ('problem' in answer) throw new Error(`${load.url}: ${answer.problem}`)
  return answer
}

function medians(cells: readonly Cell[]): Cell {
  const median = (of: (cell: Cell) => number): number => Number(cells.map(of).sort((a, b) => a - b)[cells.length >> 1]!.toPrecision(4)) // prettier-ignore
  return {
    ...cells[0]!,
    requestsPerSecond: median((cell) => cell.requestsPerSecond),
    p50: median((cell) => cell.p50),
    p99: median((cell) => cell.p99),
    cpuMs: median((cell) => cell.cpuMs),
  }
}
