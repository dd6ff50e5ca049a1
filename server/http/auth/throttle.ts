/**
 * Slows attempts down: for each key a bucket that holds `burst` attempts and gets a new one every `every` ms. Counted in the database before the
 * attempt is made, so that attempts in parallel and on other nodes count. In wall time, like sessions.
 */
import type { Database, Transaction } from '#database'
import { sql } from './sessions.ts'
import { hashToken } from './tokens.ts'

export interface Limit {
  readonly key: string
  readonly burst: number
  readonly every: number
}

export interface Allowed {
  readonly allowed: true
  giveBack(): Promise<void>
}
export interface Refused {
  readonly allowed: false
  /** Seconds until it is worth trying again. */
  readonly retryAfter: number
}

const PURGE_EVERY = 60_000
const MAX_REMEMBERED = 10_000

class Refusal extends Error {
  readonly key: string
  readonly until: number
  constructor(key: string, until: number) {
    super('refused')
    this.key = key
    this.until = until
  }
}

export class Throttle {
  readonly #database: Database
  /** Refused keys and until when: a flood of refused attempts costs the database nothing. */
  readonly #refused = new Map<string, number>()
  #purgeAt = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** What is known without asking the database. */
  refused(limits: readonly Limit[]): Refused | undefined {
    const until = Math.max(...limits.map(({ key }) => this.#refused.get(hashToken(key)) ?? 0))
    return until > Date.now() ? refusal(until - Date.now()) : undefined
  }

  /** Takes one attempt from every bucket, or from none. Callers name their limits in the same order, so that two of them can't wait for one another. */
  async take(limits: readonly Limit[]): Promise<Allowed | Refused> {
    const refused = this.refused(limits)
    if (refused) return refused
    const now = Date.now()
    const hashed = limits.map((limit) => ({ ...limit, key: hashToken(limit.key) }))
    try {
      await this.#database.transaction(async (tx) => {
        for (const limit of hashed) await takeOne(tx, limit, now)
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (this.#refused.size >= MAX_REMEMBERED) this.#refused.clear()
      this.#refused.set(error.key, error.until)
      return refusal(error.until - now)
    }
    await this.#purge(now)
    return { allowed: true, giveBack: () => this.#giveBack(hashed) }
  }

  async #giveBack(limits: readonly Limit[]): Promise<void> {
    await this.#database.transaction(async (tx) => {
      for (const { key, every } of limits)
        await tx.run(sql(tx.dialect, 'UPDATE attempt_limit SET free_at = free_at - ? WHERE key = ?'), [every, key])
    })
    for (const { key } of limits) this.#refused.delete(key)
  }

  /** A full bucket needs no row. */
  async #purge(now: number): Promise<void> {
    if (now < this.#purgeAt) return
    this.#purgeAt = now + PURGE_EVERY
    await this.#database.transaction((tx) =>
      tx.run(sql(tx.dialect, 'DELETE FROM attempt_limit WHERE free_at <= ?'), [now]),
    )
  }
}

const refusal = (ms: number): Refused => ({ allowed: false, retryAfter: Math.ceil(ms / 1000) })

/** `free_at` is when the bucket will be full again: each attempt moves it on by `every`, as far as `burst` allows. */
async function takeOne(tx: Transaction, { key, burst, every }: Limit, now: number): Promise<void> {
  const latest = now + (burst - 1) * every
  const taken = await tx.run(
    sql(
      tx.dialect,
      `INSERT INTO attempt_limit (key, free_at) VALUES (?, ?) ON CONFLICT (key) DO UPDATE
       SET free_at = CASE WHEN attempt_limit.free_at > ? THEN attempt_limit.free_at + ? ELSE ? END
       WHERE attempt_limit.free_at <= ?`,
    ),
    [key, now + every, now, every, now + every, latest],
  )
  if (taken) return
  const row = await tx.get<{ free_at: string | number }>(
    sql(tx.dialect, 'SELECT free_at FROM attempt_limit WHERE key = ?'),
    [key],
  )
  throw new Refusal(key, now + Math.max(Number(row?.free_at ?? latest) - latest, 1000))
}
