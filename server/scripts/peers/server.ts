/** A server that is measured: a process of its own, asked over HTTP. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

export type CaseName = 'a' | 'b' | 'c' | 'd'

export interface Server {
  readonly name: string
  /** Takes POST with `{ query, variables }`. */
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** What is sent as `query`; the answers are alike up to how lists are wrapped. A server without d can't create. */
  readonly documents: { readonly [name in CaseName]?: string }
  /** Throws when a case that was created is not what it should be. */
  readonly checkCreated?: (id: string) => Promise<void>
  /** Milliseconds of processor time so far. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

const PROBE = pathToFileURL(join(import.meta.dirname, 'programs/probe.ts')).href
const PATIENCE_SECONDS = 120
/** A server sees nothing else of the caller's environment; NODE_OPTIONS=--cpu-prof says where its time goes. */
const { PATH, HOME, NODE_OPTIONS } = process.env

export interface Program {
  readonly process: ChildProcess
  /** What it has printed. */
  readonly output: () => string
}

/** Starts a Node program as a server is run in production. */
export function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = process.cwd()): Program {
  const child = fork(file, args, {
    cwd,
    env: { PATH, HOME, ...(NODE_OPTIONS && { NODE_OPTIONS }), NODE_ENV: 'production', ...env },
    execArgv: ['--import', PROBE],
    silent: true,
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk))
  process.on('exit', () => child.kill())
  return { process: child, output: () => output }
}

/** Tries until `ready` gives something; a program that ends before fails with what it printed. */
export async function whenReady<T>(program: Program, ready: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let i = 0; i < PATIENCE_SECONDS * 10; i++) {
    const found = await Promise.resolve().then(ready).catch(() => undefined) // prettier-ignore
    if (found !== undefined) return found
    if (program.process.exitCode !== null) break
    await wait(100)
  }
  throw new Error(`A server did not start:\n${program.output()}`)
}

export const serverOf = ({ process: child }: Program, described: Omit<Server, 'cpu' | 'stop'>): Server => ({
  ...described,
  cpu: async () => {
    const told = Promise.withResolvers<number>()
    const listen = (message: { cpu?: number }): void => message.cpu !== undefined ? told.resolve(message.cpu) : undefined // prettier-ignore
    child.on('message', listen).send('cpu')
    return told.promise.finally(() => child.off('message', listen))
  },
  stop: async () => {
    if (child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.kill()
    await exit
  },
})

/** The data of one answer; anything but data is a failure. */
export async function ask(server: Pick<Server, 'url' | 'headers'>, query: string, variables: object): Promise<unknown> {
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const text = await answer.text()
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown }
  if (!answer.ok || !data || errors) throw new Error(`${query} was answered ${answer.status} ${text.slice(0, 600)}`)
  return data
}
