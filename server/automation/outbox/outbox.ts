import { placeholders, quote } from '#database'
import type { Database } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { readRows, updateRows } from '#records'
import { formatInstant } from '#util'
import type { Instant, Row } from '#util'
import { HeldBack } from './send.ts'
import type { Mail, MailMessage, MailWriter } from './send.ts'
import { PermanentFailure, postWebhook } from './webhook.ts'
import type { PrivateHosts } from './webhook.ts'

const BATCH = 20
/** While a node sends, nobody else does; after this long without word another node may. */
const LEASE_MS = 60_000
export const MAX_ATTEMPTS = 8
/** 30 s, 1 min, 2 min … at most an hour. */
export const backOff = (attempts: number): number => Math.min(30_000 * 2 ** (attempts - 1), 3_600_000)

export interface OutboxContext {
  readonly database: Database
  readonly catalog: Catalog
  readonly mail: Mail | undefined
  /** For messages whose payload has no text. */
  readonly writeMail: MailWriter | undefined
  readonly privateHosts: PrivateHosts
}

/** Sends what is due, at least once each, and says how many were tried. */
export async function deliverDue(context: OutboxContext): Promise<number> {
  const object = context.catalog.objects.get('OutboxMessage')
  if (!object) return 0
  const rows = await claim(context, object)
  for (const row of rows) await deliver(context, object, row)
  return rows.length
}

/** When the next message is due; undefined when none waits. */
export async function nextDelivery(database: Database, catalog: Catalog): Promise<string | undefined> {
  const object = catalog.objects.get('OutboxMessage')
  if (!object) return undefined
  const { table, status, due } = columns(object)
  const row = await database.get<{ due: string | null }>(
    `SELECT MIN(${due}) AS due FROM ${table} WHERE ${status} IN ('Pending', 'Retrying', 'Sending')`,
  )
  return row?.due ?? undefined
}

const columns = (object: ObjectDef) => ({
  table: quote(object.table),
  id: quote(object.field('Id')!.column!),
  status: quote(object.field('Status')!.column!),
  due: quote(object.field('NextAttemptDate')!.column!),
})

async function claim({ database, catalog }: OutboxContext, object: ObjectDef): Promise<Row[]> {
  const { table, id, status, due } = columns(object)
  const now = database.clock.now()
  return database.transaction(async (tx) => {
    const lock = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
    const found = await tx.all<{ id: string }>(
      `SELECT ${id} AS id FROM ${table} WHERE ${status} IN ('Pending', 'Retrying', 'Sending') AND ${due} <= ${placeholders(tx.dialect, 1)} ORDER BY ${due} LIMIT ${BATCH}${lock}`,
      [formatInstant(now)],
    )
    if (found.length === 0) return []
    const ids = found.map((row) => row.id)
    await updateRows(
      tx,
      object,
      ids.map((id) => ({ id, set: { Status: 'Sending', NextAttemptDate: formatInstant(now + LEASE_MS) } })),
    )
    return [
      ...(
        await readRows(tx, catalog, object, ids, ['Id', 'Kind', 'IdempotencyKey', 'Payload', 'Attempts', 'Action'])
      ).values(),
    ]
  })
}

async function deliver(context: OutboxContext, object: ObjectDef, row: Row): Promise<void> {
  const now = context.database.clock.now()
  if (row.Kind === 'Email' && !context.mail)
    return record(context, object, row, {
      Status: 'Held',
      LastError: 'No mail server is configured. Set SMTP_URL, then send it again.',
    })
  try {
    const LastError = await send(context, row, now)
    await record(context, object, row, { Status: 'Sent', SentDate: formatInstant(now), LastError })
  } catch (error) {
    await record(context, object, row, failure(row, now, error))
  }
}

/** What did not go well although it was sent; null when all did. */
async function send(context: OutboxContext, row: Row, now: Instant): Promise<string | null> {
  const { catalog, privateHosts } = context
  const payload = row.Payload as Row
  const key = String(row.IdempotencyKey)
  if (row.Kind === 'Webhook') {
    const action = catalog.actions.get(String(row.Action))
    const secret = action?.type === 'OutboundMessage' ? action.secret : undefined
    await postWebhook(key, payload, secret, now, privateHosts)
    return null
  }
  const refused = await context.mail!.send({ ...(await messageOf(context, payload)), id: key })
  return refused.length > 0 ? `The mail server did not take it for ${refused.join(', ')}.` : null
}

const messageOf = (context: OutboxContext, payload: Row): Promise<Omit<MailMessage, 'id'>> =>
  payload.text === undefined && context.writeMail
    ? context.writeMail(payload, context)
    : Promise.resolve(payload as unknown as Omit<MailMessage, 'id'>)

function failure(row: Row, now: Instant, error: unknown): Row {
  const attempts = Number(row.Attempts ?? 0) + 1
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof HeldBack) return { Status: 'Held', LastError: message }
  const dead = attempts >= MAX_ATTEMPTS || error instanceof PermanentFailure
  return {
    Status: dead ? 'Dead' : 'Retrying',
    Attempts: attempts,
    LastError: message.slice(0, 4000),
    NextAttemptDate: formatInstant(now + backOff(attempts)),
  }
}

async function record({ database }: OutboxContext, object: ObjectDef, row: Row, values: Row): Promise<void> {
  await database.transaction((tx) => updateRows(tx, object, [{ id: String(row.Id), set: values }]))
}
