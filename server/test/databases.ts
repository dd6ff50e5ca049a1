import { access, copyFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Client } from 'pg'
import type { QueryResult } from 'pg'
import { afterAll, afterEach, describe } from 'vitest'
import { openDatabase } from '#database'
import type { Database, Dialect, OpenOptions } from '#database'
import { temporaryFolder } from './folder.ts'

type Options = Omit<OpenOptions, 'url'>
/** Fills the database that each fresh one of a block is a copy of. */
export interface Prepare {
  (database: Database): Promise<void>
  /** What it makes is kept under this name for all files of the run; without a name it runs once a block. */
  readonly keptAs?: string
}

const platformTables: Prepare = Object.assign(async () => {}, { keptAs: 'platform' })

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
export function describeDatabases(name: string, block: (open: Opener) => void, prepare = platformTables): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (dialect) => block(opener(dialect, prepare)))
}

export function opener(dialect: Dialect, prepare = platformTables): Opener {
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

async function prepareAt(url: string, prepare: Prepare): Promise<void> {
  const database = await openDatabase({ url, readers: 2 })
  try {
    await prepare(database)
  } finally {
    await database.close()
  }
}

function sqliteUrls(prepare: Prepare): Urls {
  let folder: Promise<string> | undefined
  let template: Promise<string> | undefined
  let count = 0
  const file = async (): Promise<string> => join(await (folder ??= temporaryFolder('test')), `${++count}.db`)
  return {
    async url() {
      template ??= sqliteTemplate(file, prepare)
      const copy = await file()
      await copyFile(await template, copy)
      return `sqlite:${copy}`
    },
    empty: async () => `sqlite:${await file()}`,
    async drop() {
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}

/** Two files that want the same one at the same moment make it both; the later takes the earlier's place, unnoticed. */
async function sqliteTemplate(file: () => Promise<string>, prepare: Prepare): Promise<string> {
  const kept = prepare.keptAs && join(templates(), `${prepare.keptAs}.db`)
  if (kept && (await access(kept).then(() => true, () => false))) return kept // prettier-ignore
  const made = kept ? `${kept}.${process.pid}` : await file()
  await prepareAt(`sqlite:${made}`, prepare)
  if (!kept) return made
  await rename(made, kept)
  return kept
}

function postgresUrls(prepare: Prepare): Urls {
  const made: string[] = []
  let template: Promise<string> | undefined
  const create = async (from: string): Promise<string> => {
    const name = `t_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
    await onServer(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`)
    made.push(name)
    return name
  }
  return {
    async url() {
      template ??= postgresTemplate(() => create('template1'), prepare)
      return serverUrl(await create(await template))
    },
    empty: async () => serverUrl(await create('template0')),
    async drop() {
      for (const name of made) await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** Two files that want the same one at the same moment make it both; the later finds the name taken and lets go of its own. */
async function postgresTemplate(create: () => Promise<string>, prepare: Prepare): Promise<string> {
  const kept = prepare.keptAs && `${basename(templates()).toLowerCase().replaceAll('-', '_')}_${prepare.keptAs}`
  const there = async () => (await onServer(`SELECT FROM pg_database WHERE datname = '${kept}'`)).rowCount === 1
  if (kept && (await there())) return kept
  const made = await create()
  await prepareAt(serverUrl(made), prepare)
  if (!kept) return made
  await onServer(`ALTER DATABASE ${made} RENAME TO ${kept}`).catch(async (error: unknown) => {
    if (!(await there())) throw error
  })
  return kept
}

function templates(): string {
  return started('MILEPOST_TEST_TEMPLATES')
}

function serverUrl(database: string): string {
  const url = new URL(started('MILEPOST_TEST_POSTGRES'))
  url.pathname = `/${database}`
  return url.href
}

function started(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(
      `No ${name}: run tests of databases through server/vitest.config.ts, project "server", whose global set-up makes it.`,
    )
  return value
}

async function onServer(sql: string): Promise<QueryResult> {
  const client = new Client(serverUrl('postgres'))
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}
