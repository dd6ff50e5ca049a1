import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, describe } from 'vitest'
import { openDatabase } from '#database'
import type { Database, Dialect, OpenOptions } from '#database'

type Options = Omit<OpenOptions, 'url'>
/** Opens a fresh database that holds the platform tables and nothing else; closed and dropped after the test (or, opened in `beforeAll`, call `keep`). */
export interface Opener {
  (options?: Options): Promise<Database>
  readonly dialect: Dialect
  /** An address of a fresh database, dropped at the end of the block. */
  url(): Promise<string>
  /** Like calling it, but open until the end of the block. */
  keep(options?: Options): Promise<Database>
}

/** Runs a block of tests once on SQLite and once on PostgreSQL. */
export function describeDatabases(name: string, block: (open: Opener) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (dialect) => block(opener(dialect)))
}

export function opener(dialect: Dialect): Opener {
  const fresh = dialect === 'sqlite' ? sqliteUrls() : postgresUrls()
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
    keep: (options: Options = {}) => open(() => kept, options),
  })
}

interface Urls {
  url(): Promise<string>
  drop(): Promise<void>
}

function sqliteUrls(): Urls {
  let folder: Promise<string> | undefined
  let count = 0
  const template = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'milepost-test-'))
    await (await openDatabase({ url: `sqlite:${join(made, 'template.db')}`, readers: 1 })).close()
    return made
  }
  return {
    async url() {
      folder ??= template()
      const file = join(await folder, `${++count}.db`)
      await copyFile(join(await folder, 'template.db'), file)
      return `sqlite:${file}`
    },
    async drop() {
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}

function postgresUrls(): Urls {
  const made: string[] = []
  return {
    async url() {
      const name = `t_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
      await onServer(`CREATE DATABASE ${name} TEMPLATE ${await postgresTemplate()} STRATEGY FILE_COPY`)
      made.push(name)
      return serverUrl(name)
    },
    async drop() {
      for (const name of made) await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

function serverUrl(database: string): string {
  const url = new URL(process.env.MILEPOST_TEST_POSTGRES ?? 'postgres://localhost/postgres')
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

let templateName: Promise<string> | undefined
/** Migrated once a worker, copied for each test. */
function postgresTemplate(): Promise<string> {
  templateName ??= (async () => {
    const name = `template_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
    await onServer(`CREATE DATABASE ${name}`)
    await (await openDatabase({ url: serverUrl(name) })).close()
    return name
  })()
  return templateName
}
