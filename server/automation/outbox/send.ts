import nodemailer from 'nodemailer'
import type { Database } from '#database'
import type { Catalog } from '#metadata'
import type { Row } from '#util'
import { MessageRefused, PermanentFailure } from './failure.ts'

export interface MailMessage {
  /** Idempotency key. */
  readonly id: string
  readonly to: string[]
  readonly cc: string[]
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** What the worker sends with. Without SMTP e-mails are held in the outbox, where the studio shows them. */
export interface Mail {
  /** Gives the addresses that the mail server refused while it took the message for others. Aborted, it lets go of the message. */
  send(message: MailMessage, signal: AbortSignal): Promise<readonly string[]>
  close(): void
}

/**
 * Writes an e-mail at the moment it is sent, from what its row says instead of a text: for what must not be stored, such as a one-time link.
 * Throws PermanentFailure when it is not to be sent any more, HeldBack when something must be set first.
 */
export type MailWriter = (
  payload: Row,
  from: { readonly database: Database; readonly catalog: Catalog },
) => Promise<Omit<MailMessage, 'id'>>

/** For one message, whatever the mail server says meanwhile. */
const TIMEOUT_MS = 30_000
/** A few connections that are kept, and no step of the conversation that is waited for longer than so long. What `smtpUrl` says itself goes first. */
const CONNECTIONS = {
  pool: true,
  maxConnections: 4,
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 10_000,
} as const

/** `smtpUrl` such as `smtp://user:secret@mail.example.com:587`; `from` is the sender's address. */
export function smtpMail(smtpUrl: string, from: string): Mail {
  const transport = nodemailer.createTransport({ url: smtpUrl, ...CONNECTIONS })
  return {
    send: async ({ id, ...message }, signal) => {
      const late = AbortSignal.timeout(TIMEOUT_MS)
      const mail = { ...message, from, headers: { 'Idempotency-Key': id }, signal: AbortSignal.any([signal, late]) }
      const sent = await transport.sendMail(mail).catch((error: unknown) => explain(late.aborted ? tooLate : error))
      return (sent.rejected ?? []).map(String)
    },
    close: () => transport.close(),
  }
}

const tooLate = new Error(`The mail server did not take it within ${TIMEOUT_MS / 1000} seconds.`)

/** 5xx: the server will never take this message. A sign-in that it refuses is for the operator to mend; that, and 421, concern all messages. */
function explain(error: unknown): never {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string }
  if (responseCode === undefined || responseCode === 421 || code === 'EAUTH') throw error
  const answer = message ?? `The mail server answered ${responseCode}.`
  throw responseCode >= 500 ? new PermanentFailure(answer) : new MessageRefused(answer)
}
