import { createHmac } from 'node:crypto'
import nodemailer from 'nodemailer'
import type { Transporter } from 'nodemailer'
import type { Row } from '#util'

/** What the worker sends with. Without SMTP e-mails are held in the outbox, where the studio shows them. */
export interface Mail {
  send(message: { id: string; to: string[]; cc: string[]; subject: string; text: string }): Promise<void>
  close(): void
}

/** `smtpUrl` such as `smtp://user:secret@mail.example.com:587`; `from` is the sender's address. */
export function smtpMail(smtpUrl: string, from: string): Mail {
  const transport: Transporter = nodemailer.createTransport(smtpUrl)
  return {
    send: async ({ id, ...message }) => {
      await transport.sendMail({ ...message, from, headers: { 'Idempotency-Key': id } })
    },
    close: () => transport.close(),
  }
}

const TIMEOUT_MS = 10_000

/** Posts a webhook's body, signed with HMAC-SHA256 over `<timestamp>.<body>`; any answer outside 2xx is a failure. */
export async function postWebhook(key: string, payload: Row, secret: string | undefined, now: number): Promise<void> {
  const body = JSON.stringify(payload.body)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'idempotency-key': key,
    'milepost-timestamp': String(now),
  }
  if (secret)
    headers['milepost-signature'] = `sha256=${createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')}`
  const response = await fetch(String(payload.url), {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The receiver answered ${response.status} ${response.statusText}`.trim())
}
