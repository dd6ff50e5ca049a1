/**
 * Which names this server answers to. A stranger's page can give its own name our address and read what we answer (DNS rebinding), but its
 * requests still carry its name. Addresses in numbers can't be given away so.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { SecurityOptions } from './security.ts'

/** What load balancers and containers ask, under whatever name they know; it tells a stranger nothing. */
const PROBES = new Set(['/healthz', '/readyz'])

/** With a public address it is for the proxy in front to say which names are ours. */
export function answersTo({ url, headers }: IncomingMessage, { publicUrl, boundTo }: SecurityOptions): boolean {
  if (publicUrl !== undefined || headers.host === undefined || PROBES.has(url ?? '')) return true
  const name = nameOf(headers.host)
  if (name === undefined) return false
  const own = [hostname().toLowerCase(), boundTo?.toLowerCase(), 'localhost']
  return own.includes(name) || name.endsWith('.localhost') || isIP(name) !== 0
}

/** Without the port, without the brackets of IPv6. */
function nameOf(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : undefined
}

export function misdirected(response: ServerResponse): void {
  response.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(
    'This server is not known by this name. To use it under a name of your own, start it with MILEPOST_URL set to the address, for example MILEPOST_URL=https://service.example.com.\n',
  )
}
