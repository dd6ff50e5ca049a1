import { createHmac } from 'node:crypto'
import { lookup as resolve } from 'node:dns'
import { request as http } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { Row } from '#util'

const TIMEOUT_MS = 10_000

/** A message that will fail again however often it is tried: it is dead at once. */
export class PermanentFailure extends Error {}

/** Which receivers inside the own network a webhook may reach: host names, or `*` for all. None unless an operator lists them. */
export type PrivateHosts = readonly string[]

/**
 * Posts a webhook's body, signed with HMAC-SHA256 over `<timestamp>.<body>`. Any answer outside 2xx is a failure; redirects are not followed and
 * what the receiver answers is not read.
 */
export async function postWebhook(
  key: string,
  payload: Row,
  secret: string | undefined,
  now: number,
  privateHosts: PrivateHosts,
): Promise<void> {
  const body = JSON.stringify(payload.body)
  const response = await post(new URL(String(payload.url)), headersOf(key, body, secret, now), body, privateHosts)
  const { statusCode = 0, statusMessage = '' } = response
  if (statusCode >= 200 && statusCode < 300) return
  const answer = `The receiver answered ${statusCode} ${statusMessage}`.trim()
  if (statusCode === 410) throw new PermanentFailure(answer)
  throw new Error(statusCode >= 300 && statusCode < 400 ? `${answer}; redirects are not followed.` : answer)
}

function headersOf(key: string, body: string, secret: string | undefined, now: number): { [name: string]: string } {
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

/** The answer's head; its body is cut off. The address is checked when it is connected to, so that no name leads elsewhere meanwhile. */
function post(
  url: URL,
  headers: { readonly [name: string]: string },
  body: string,
  privateHosts: PrivateHosts,
): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const free = privateHosts.includes('*') || privateHosts.includes(host)
  if (!free && isIP(host) && isPrivate(host)) return Promise.reject(refusal(host))
  const options: RequestOptions = {
    method: 'POST',
    headers,
    agent: false,
    ...(free ? {} : { lookup: publicOnly }),
  }
  return new Promise((done, fail) => {
    const request: ClientRequest = (url.protocol === 'https:' ? https : http)(url, options, (response) => {
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
}

/** Finds a host's address, and refuses one that is not on the public internet. */
const publicOnly: LookupFunction = (host, options, callback) =>
  resolve(host, { ...options, all: true }, (error, found) => {
    const address = found?.find((one) => isPrivate(one.address))
    if (error || address) return callback(error ?? refusal(host), '')
    if (options.all) return callback(null, found)
    callback(null, found[0]!.address, found[0]!.family)
  })

const refusal = (host: string): PermanentFailure =>
  new PermanentFailure(
    `${host} is inside a private network. Ask whoever runs the server to list it in WEBHOOK_PRIVATE_HOSTS, then send it again.`,
  )

/** Loopback, private, link-local (cloud metadata), shared, multicast and reserved ranges. */
const PRIVATE = new BlockList()
for (const range of ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3']) addRange(range, 'ipv4') // prettier-ignore
for (const range of ['::/127', '64:ff9b::/96', 'fc00::/7', 'fe80::/10', 'ff00::/8']) addRange(range, 'ipv6')

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = range.split('/')
  PRIVATE.addSubnet(address, Number(bits), family)
}

/** IPv4 addresses written as IPv6 (`::ffff:127.0.0.1`) are looked at as what they are. */
const isPrivate = (address: string): boolean => PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
