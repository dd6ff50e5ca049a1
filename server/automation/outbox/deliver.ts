import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { formatInstant } from '#util'
import type { Instant, Row } from '#util'
import { HeldBack, isHostFailure, PermanentFailure } from './failure.ts'
import type { Mail, MailMessage, MailWriter } from './send.ts'
import { postWebhook } from './webhook.ts'
import type { PrivateHosts } from './lookup.ts'

export const MAX_ATTEMPTS = 8
/** 30 s, 1 min, 2 min … at most an hour. */
export const backOff = (attempts: number): number => Math.min(30_000 * 2 ** (attempts - 1), 3_600_000)

export interface Senders {
  readonly mail: Mail | undefined
  /** For messages whose payload has no text. */
  readonly writeMail: MailWriter | undefined
  readonly privateHosts: PrivateHosts
}

export interface DeliveryContext extends Senders {
  readonly database: Database
  readonly catalog: Catalog
}

export interface Outcome {
  readonly set: Row
  /** Set when the host itself failed. */
  readonly hostFailure?: string
}

/** Tries a message once. Aborted, it is due again as if it had not been tried: what was on its way may arrive twice, under one key. */
export async function deliver(context: DeliveryContext, row: Row, signal: AbortSignal): Promise<Outcome> {
  const { now } = context.database.clock
  if (row.Kind === 'Email' && !context.mail) return { set: held(NO_MAIL_SERVER) }
  try {
    const LastError = await orAborted(send(context, row, now(), signal), signal)
    return { set: { Status: 'Sent', SentDate: formatInstant(now()), LastError, NextAttemptDate: null } }
  } catch (error) {
    return signal.aborted ? { set: untried(row, now()) } : failure(row, now(), error)
  }
}

const NO_MAIL_SERVER = 'No mail server is configured. Set SMTP_URL, then send it again.'
const held = (LastError: string): Row => ({ Status: 'Held', LastError, NextAttemptDate: null })

const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const aborted = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true })
  return Promise.race([work, aborted.promise])
}

/** What did not go well although it was sent; null when all did. */
async function send(context: DeliveryContext, row: Row, now: Instant, signal: AbortSignal): Promise<string | null> {
  const { catalog, privateHosts } = context
  const payload = row.Payload as Row
  const key = String(row.IdempotencyKey)
  if (row.Kind === 'Webhook') {
    const action = catalog.actions.get(String(row.Action))
    const secret = action?.type === 'OutboundMessage' ? action.secret : undefined
    await postWebhook({ key, payload, secret, now }, privateHosts, signal)
    return null
  }
  const refused = await context.mail!.send({ ...(await messageOf(context, payload)), id: key }, signal)
  return refused.length > 0 ? `The mail server did not take it for ${refused.join(', ')}.` : null
}

const messageOf = (context: DeliveryContext, payload: Row): Promise<Omit<MailMessage, 'id'>> =>
  payload.text === undefined && context.writeMail
    ? context.writeMail(payload, context)
    : Promise.resolve(payload as unknown as Omit<MailMessage, 'id'>)

const untried = (row: Row, now: Instant): Row => ({
  Status: Number(row.Attempts ?? 0) > 0 ? 'Retrying' : 'Pending',
  NextAttemptDate: formatInstant(now),
})

function failure(row: Row, now: Instant, error: unknown): Outcome {
  const attempts = Number(row.Attempts ?? 0) + 1
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 4000)
  if (error instanceof HeldBack) return { set: held(message) }
  const dead = attempts >= MAX_ATTEMPTS || error instanceof PermanentFailure
  const set = {
    Status: dead ? 'Dead' : 'Retrying',
    Attempts: attempts,
    LastError: message,
    NextAttemptDate: dead ? null : formatInstant(now + backOff(attempts)),
  }
  return isHostFailure(error) ? { set, hostFailure: message } : { set }
}
