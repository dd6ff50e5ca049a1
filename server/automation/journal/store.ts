import { randomUUID } from 'node:crypto'
import { placeholders } from '#database'
import type { Database, Dialect, Reader, Transaction } from '#database'
import { formatInstant, parseInstant } from '#util'
import type { Instant } from '#util'

/** Why records are looked at again, which stands as the cause in their logs. */
export type JournalKind =
  'calendar' | 'set-up' | 'lookup' | 'tzdata' | 'migration' | 'deactivation' | 'roll-up' | 'auto-number'

/** Work on many records, done in batches and gone on with after a crash. */
export interface Entry {
  readonly id: string
  readonly kind: JournalKind
  readonly body: Body
  /** How many of the records are done. */
  readonly done: number
  readonly problems: readonly string[]
}

export interface Body {
  readonly records: readonly string[]
  /** What changed, for the log. */
  readonly what?: string
  readonly migration?: Migration
  /** The version that a migration takes records out of. */
  readonly from?: string
  /** A roll-up field, by its id, of these records that is counted again. */
  readonly rollup?: string
  /** An auto-number field, by its id, that these records get; the first of them this number, the second the next. */
  readonly numbers?: { readonly field: string; readonly first: number }
  /** Done by nodes that know this version of the catalog. */
  readonly catalog?: number
  /** Records that are in no process are looked at, too: they may get one. */
  readonly attach?: true
}

/** To which version records move (null: out of the process), and what becomes of what is late there. */
export interface Migration {
  readonly to: string | null
  readonly late: 'skip' | 'raise'
  /** When it was decided, where that is not now. */
  readonly at?: Instant
}

/** Records an entry: small enough to be read with every batch. */
const PART = 2_000

/**
 * Puts work into the journal, in this transaction. A migration is kept there also when it moves nobody: records in the recycle bin ask for it;
 * and so is a numbering, which looks for records that were saved meanwhile.
 */
export async function enqueue(
  tx: Transaction,
  now: Instant,
  kind: JournalKind,
  { records, numbers, ...rest }: Body,
): Promise<string[]> {
  const at = formatInstant(now)
  const ids: string[] = []
  for (let i = 0; i < Math.max(records.length, rest.migration || numbers ? 1 : 0); i += PART) {
    const part = numbers && { numbers: { ...numbers, first: numbers.first + i } }
    const body: Body = { ...rest, ...part, records: records.slice(i, i + PART) }
    const id = randomUUID()
    ids.push(id)
    await tx.run(
      `INSERT INTO journal (id, kind, status, body, progress, created_at, updated_at) VALUES (${placeholders(tx.dialect, 7)})`,
      [id, kind, 'pending', JSON.stringify(body), '0', at, at],
    )
  }
  return ids
}

/** Entries that have work left, oldest first. */
export async function pendingEntries(
  database: Database,
  limit: number,
): Promise<{ readonly id: string; readonly kind: JournalKind }[]> {
  return database.all(
    `SELECT id, kind FROM journal WHERE status = 'pending' ORDER BY status, created_at, id LIMIT ${limit}`,
  )
}

/** Whether work of this kind is left. */
export async function isPending(reader: Reader & { readonly dialect: Dialect }, kind: JournalKind): Promise<boolean> {
  const sql = `SELECT 1 FROM journal WHERE status = 'pending' AND kind = ${placeholders(reader.dialect, 1)} LIMIT 1`
  return (await reader.get(sql, [kind])) !== undefined
}

/** Whether records are waiting for their numbers of this field. */
export async function isNumbering(tx: Transaction, field: string): Promise<boolean> {
  const sql = `SELECT 1 FROM journal WHERE status = 'pending' AND kind = 'auto-number' AND body LIKE ${placeholders(tx.dialect, 1)} LIMIT 1`
  return (await tx.get(sql, [`%${JSON.stringify({ field }).slice(1, -1)}%`])) !== undefined
}

/** An entry as an admin sees it. */
export interface EntryView {
  readonly id: string
  readonly kind: JournalKind
  readonly status: 'pending' | 'done' | 'failed'
  readonly what: string | undefined
  readonly records: number
  readonly done: number
  /** One sentence a record that could not be worked on. */
  readonly problems: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
}

/** The newest entries first. */
export async function listEntries(database: Database, limit: number): Promise<EntryView[]> {
  const rows = await database.all<{ [column: string]: string | null }>(
    `SELECT id, kind, status, body, progress, error, created_at, updated_at FROM journal ORDER BY created_at DESC, id DESC LIMIT ${Math.trunc(limit)}`,
  )
  return rows.map((row) => {
    const body = JSON.parse(row.body!) as Body
    return {
      id: row.id!,
      kind: row.kind as JournalKind,
      status: row.status as EntryView['status'],
      what: body.what,
      records: body.records.length,
      done: Number(row.progress),
      problems: JSON.parse(row.error ?? '[]') as string[],
      createdAt: row.created_at!,
      updatedAt: row.updated_at!,
    }
  })
}

/** Another node may be at it, so it is looked for again a little later. */
const LOOK_AGAIN_MS = 100

/** When to look at the journal again; undefined when nothing is left in it. */
export async function nextJournal(database: Database): Promise<string | undefined> {
  const [first] = await pendingEntries(database, 1)
  return first && formatInstant(database.clock.now() + LOOK_AGAIN_MS)
}

/** The entry, locked until the transaction ends; undefined when another node has it or it is done. */
export async function claimEntry(tx: Transaction, id: string): Promise<Entry | undefined> {
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const row = await tx.get<{ kind: JournalKind; body: string; progress: string; error: string | null }>(
    `SELECT kind, body, progress, error FROM journal WHERE id = ${placeholders(tx.dialect, 1)} AND status = 'pending'${lock}`,
    [id],
  )
  return (
    row && {
      id,
      kind: row.kind,
      body: JSON.parse(row.body) as Body,
      done: Number(row.progress),
      problems: JSON.parse(row.error ?? '[]') as string[],
    }
  )
}

const MOST_PROBLEMS = 100

/** Notes how far an entry has come; the last record makes it done, or failed when some could not be worked on. */
export async function noteProgress(tx: Transaction, entry: Entry, done: number, now: Instant): Promise<void> {
  const finished = done >= entry.body.records.length
  const status = finished ? (entry.problems.length > 0 ? 'failed' : 'done') : 'pending'
  const p = (n: number) => placeholders(tx.dialect, 1, n)
  await tx.run(
    `UPDATE journal SET status = ${p(1)}, progress = ${p(2)}, error = ${p(3)}, updated_at = ${p(4)} WHERE id = ${p(5)}`,
    [
      status,
      String(done),
      entry.problems.length > 0 ? JSON.stringify(entry.problems.slice(0, MOST_PROBLEMS)) : null,
      formatInstant(now),
      entry.id,
    ],
  )
}

/** Where records of this version have been moved since, one after the other; undefined when they have not. */
export async function movedSince(tx: Transaction, version: string, since: string): Promise<Migration | undefined> {
  const rows = await tx.all<{ body: string; created_at: string }>(
    `SELECT body, created_at FROM journal WHERE kind IN ('migration', 'deactivation') AND created_at >= ${placeholders(tx.dialect, 1)} ORDER BY created_at, id`,
    [since],
  )
  let moved: Migration | undefined
  for (const row of rows) {
    const { from, migration } = JSON.parse(row.body) as Body
    if (migration && from === (moved ? moved.to : version)) moved = { ...migration, at: parseInstant(row.created_at)! }
  }
  return moved
}
