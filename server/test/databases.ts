import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, describe } from 'vitest'
import { openDatabase } from '#database'
import type { Database, Dialect, OpenOptions } from '#database'

type Options = Omit<OpenOptions, 'url'>
/** Fills the database that each fresh one of a block is a copy of; runs once a block. */
export type Prepare = (database: Database) => Promise<void>

/** Opens a fresh database that holds the platform tables and what `prepare` put there; closed and dropped after the test (or, opened in `beforeAll`, call `keep`). */
export interface Opener {
  (options?: Options): Promise<Database>
  readonly dialect: Dialect
  /** An address of a fresh database, dropped at the end of the block. */
  url(): Promise<string>
  /** An address of a database without even the platform tables. */
  empty(): Promise<string>
  /** Like calling it, but open until the end of the block. */
  keep(options?: Options): Promise<Database>
}

/** Runs a block of tests once on SQLite and once on PostgreSQL. */
export function describeDatabases(name: string, block: (open: Opener) => void, prepare?: Prepare): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (dialect) => block(opener(dialect, prepare)))
}

export function opener(dialect: Dialect, prepare?: Prepare): Opener {
  const fresh = dialect === 'sqlite' ? sqliteUrls(prepare) : postgresUrls(prepare)
  let now: Database[] = []
  const kept: Database[] = []
  afterEach(async () => {
    for (const database of now) await database.close()
    now = []
  })
  afterAll(async () => {
    for (const database of kept) await database.close()
    await fresh.drop()
  })
  const open = async (list: () => Database[], options: Options): Promise<Database> => {
    const database = await openDatabase({ url: await fresh.url(), ...options })
    list().push(database)
    return database
  }
  return Object.assign((options: Options = {}) => open(() => now, options), {
    dialect,
    url: fresh.url,
    empty: fresh.empty,
    keep: (options: Options = {}) => open(() => kept, options),
  })
}

interface Urls {
  url(): Promise<string>
  empty(): Promise<string>
  drop(): Promise<void>
}

async function prepareAt(url: string, prepare: Prepare | undefined): Promise<void> {
  const database = await openDatabase({ url, readers: 2 })
  try {
    await prepare?.(database)
  } finally {
    await database.close()
  }
}

function sqliteUrls(prepare: Prepare | undefined): Urls {
  let folder: Promise<string> | undefined
  let count = 0
  const template = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'milepost-test-'))
    await prepareAt(`sqlite:${join(made, 'template.db')}`, prepare)
    return made
  }
  return {
    async url() {
      folder ??= template()
      const file = join(await folder, `${++count}.db`)
      await copyFile(join(await folder, 'template.db'), file)
      return `sqlite:${file}`
    },
    async empty() {
      folder ??= template()
      return `sqlite:${join(await folder, `${++count}.db`)}`
    },
    async drop() {
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}

function postgresUrls(prepare: Prepare | undefined): Urls {
  const made: string[] = []
  let template: Promise<string> | undefined
  const create = async (from: string): Promise<string> => {
    const name = `t_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
    await onServer(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`)
    made.push(name)
    return name
  }
  const prepared = async (): Promise<string> => {
    const name = await create(await migratedTemplate())
    await prepareAt(serverUrl(name), prepare)
    return name
  }
  return {
    async url() {
      template ??= prepare ? prepared() : migratedTemplate()
      return serverUrl(await create(await template))
    },
    empty: async () => serverUrl(await create('template0')),
    async drop() {
      for (const name of made) await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

function serverUrl(database: string): string {
  const address = process.env.MILEPOST_TEST_POSTGRES
  if (!address)
    throw new Error(
      'No PostgreSQL for tests: run them through server/vitest.config.ts, project "server" or "browser", whose global set-up starts one.',
    )
  const url = new URL(address)
  url.pathname = `/${database}`
  return url.href
}

async function onServer(sql: string): Promise<void> {
  const client = new Client(serverUrl('postgres'))
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

let migrated: Promise<string> | undefined
/** Made once a test file, copied for each database of it. */
function migratedTemplate(): Promise<string> {
  migrated ??= (async () => {
    const name = `template_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
    await onServer(`CREATE DATABASE ${name}`)
    await prepareAt(serverUrl(name), undefined)
    return name
  })()
  return migrated
}
