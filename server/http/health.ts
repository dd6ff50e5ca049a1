/** /healthz: this process lives, and how it does. /readyz: whether to send it requests: its database answers and takes a write. */
import { setTimeout as wait } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { writeSetting, type Engine } from '#automation'
import { DatabaseError, type Database, type DatabaseErrorCode } from '#database'
import { RETRY_AFTER_S } from '#graphql'
import { formatInstant } from '#util'
import { atMostEvery } from './at-most-every.ts'

/** What keeps this node from serving, fit for anybody's eyes; undefined: nothing. Answers within `patience`, in milliseconds. */
export type Readiness = (patience?: number) => Promise<string | undefined>

const FRESH_MS = 1000
const PATIENCE_MS = 5000
const SHORT_MS = 500
const KEY = 'readiness'
/** More than a page, so that a disk without room is found out. */
const VALUE = 'x'.repeat(10_000)
const REASONS: { readonly [code in DatabaseErrorCode]?: string } = {
  FULL: 'The disk of the database is full.',
  ACCESS_DENIED: 'The database takes no writes.',
  CORRUPT: 'The database is damaged.',
}
const NO_ANSWER = 'The database does not answer.'

export function readiness(database: Database): Readiness {
  const problem = atMostEvery(FRESH_MS, () =>
    writeAndForget(database).catch((error: unknown) =>
      error instanceof DatabaseError ? (REASONS[error.code] ?? NO_ANSWER) : NO_ANSWER,
    ),
  )
  return (patience = PATIENCE_MS) => Promise.race([problem(), wait(patience, NO_ANSWER, { ref: false })])
}

async function writeAndForget(database: Database): Promise<undefined> {
  await database.transaction(async (tx) => {
    await writeSetting(tx, KEY, VALUE)
    await tx.run(`DELETE FROM setting WHERE key = '${KEY}'`)
  })
}

/** Always 200: a process is not mended by being killed because its database is away. */
export function health({ database, catalogs, ...engine }: Engine, readiness: Readiness): RequestHandler {
  return async (_, response) => {
    const { running, lagMs, silentHosts, lastError } = engine.health()
    response.setHeader('Cache-Control', 'no-store')
    response.json({
      status: (await readiness(SHORT_MS)) ?? 'ok',
      database: database.dialect,
      catalogVersion: catalogs.current().version,
      clock: formatInstant(database.clock.now()),
      worker: { running, lagMs, silentHosts, ...(lastError ? { lastError: 'see the log' } : {}) },
    })
  }
}

export function ready(readiness: Readiness): RequestHandler {
  return async (_, response) => {
    const reason = await readiness()
    response.setHeader('Cache-Control', 'no-store')
    if (reason === undefined) return void response.json({ status: 'ready' })
    response.setHeader('Retry-After', RETRY_AFTER_S)
    response.status(503).json({ status: 'not ready', reason })
  }
}
