import nodemailer from 'nodemailer'
import type { Transporter } from 'nodemailer'
import type { Database } from '#database'
import type { Catalog } from '#metadata'
import type { Row } from '#util'
import { PermanentFailure } from './webhook.ts'

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
  /** Gives the addresses that the mail server refused while it took the message for others. */
  send(message: MailMessage): Promise<readonly string[]>
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

/** The message stays in the outbox until somebody has done what this says and sends it again. */
export class HeldBack extends Error {}

/** `smtpUrl` such as `smtp://user:secret@mail.example.com:587`; `from` is the sender's address. */
export function smtpMail(smtpUrl: string, from: string): Mail {
  const transport: Transporter = nodemailer.createTransport(smtpUrl)
  return {
    send: async ({ id, ...message }) => {
      const sent = await transport.sendMail({ ...message, from, headers: { 'Idempotency-Key': id } }).catch(explain)
      return ((sent as { rejected?: readonly unknown[] }).rejected ?? []).map(String)
    },
    close: () => transport.close(),
  }
}

/** 5xx: the server will never take this message. A sign-in that it refuses is for the operator to mend, and tried again. */
function explain(error: unknown): never {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string }
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH')
    throw new PermanentFailure(message ?? `The mail server answered ${responseCode}.`)
  throw error
}
