import { createHmac } from 'node:crypto'
import { request as http } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import type { Row } from '#util'
import { MessageRefused, PermanentFailure } from './failure.ts'
import { lookupFor } from './lookup.ts'
import type { PrivateHosts } from './lookup.ts'

const TIMEOUT_MS = 10_000
/** The receiver, or what stands before it, says that it has too much to do or is not there. */
const HOST_FAILURES = [429, 502, 503, 504]

export interface Webhook {
  /** Idempotency key. */
  readonly key: string
  readonly payload: Row
  readonly secret: string | undefined
  readonly now: number
}

/**
 * Posts a webhook's body, signed with HMAC-SHA256 over `<timestamp>.<body>`. Any answer outside 2xx is a failure; redirects are not followed and
 * what the receiver answers is not read.
 */
export async function postWebhook(webhook: Webhook, privateHosts: PrivateHosts, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify(webhook.payload.body)
  const url = new URL(String(webhook.payload.url))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const options: RequestOptions = {
    method: 'POST',
    headers: headersOf(webhook, body),
    agent: false,
    // The address is checked when it is connected to, so that no name leads elsewhere meanwhile.
    lookup: lookupFor(host, privateHosts),
    signal,
  }
  const { statusCode = 0, statusMessage = '' } = await post(url, options, body)
  if (statusCode >= 200 && statusCode < 300) return
  throw failureOf(statusCode, `The receiver answered ${statusCode} ${statusMessage}`.trim())
}

function failureOf(status: number, answer: string): Error {
  if (status === 410) return new PermanentFailure(answer)
  if (HOST_FAILURES.includes(status)) return new Error(answer)
  return new MessageRefused(status >= 300 && status < 400 ? `${answer}; redirects are not followed.` : answer)
}

function headersOf({ key, secret, now }: Webhook, body: string): { [name: string]: string } {
  const headers: { [name: string]: string } = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'idempotency-key': key,
    'milepost-timestamp': String(now),
    'user-agent': 'Milepost',
  }
  if (secret)
    headers['milepost-signature'] = `sha256=${createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')}`
  return headers
}

/** The answer's head; its body is cut off. */
const post = (url: URL, options: RequestOptions, body: string): Promise<IncomingMessage> =>
  new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http)(url, options, (response) => {
      response.destroy()
      done(response)
    })
    const clock = setTimeout(
      () => request.destroy(new Error(`The receiver did not answer within ${TIMEOUT_MS / 1000} seconds.`)),
      TIMEOUT_MS,
    )
    request.on('error', fail).on('close', () => clearTimeout(clock))
    request.end(body)
  })
