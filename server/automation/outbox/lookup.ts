import { lookup as systemLookup, promises as dns } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { PermanentFailure } from './failure.ts'

/** Which receivers inside the own network a webhook may reach: host names, or `*` for all. None unless an operator lists them. */
export type PrivateHosts = readonly string[]

/** How the host's address is found: of one that the operator lists as the system does, of any other only on the public internet. */
export function lookupFor(host: string, privateHosts: PrivateHosts): LookupFunction {
  const listed = privateHosts.includes('*') || privateHosts.includes(host)
  if (!listed && isIP(host) && isPrivate(host)) throw refusal(host)
  const find = callbackify(listed ? system : publicOnly)
  return (name, options, callback) =>
    find(name, (error, found) => {
      if (error) return callback(error, '')
      if (options.all) return callback(null, found)
      callback(null, found[0]!.address, found[0]!.family)
    })
}

async function publicOnly(host: string): Promise<LookupAddress[]> {
  const found = await (host.includes('.') ? byDns(host) : system(host))
  if (found.some(({ address }) => isPrivate(address))) throw refusal(host)
  return found
}

/** Asks the name servers itself: a name server that never answers holds up no thread that the database needs. */
async function byDns(host: string): Promise<LookupAddress[]> {
  const [v4, v6] = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)])
  const found = [...addresses(v4, 4), ...addresses(v6, 6)]
  if (found.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error(`${host} has no address.`)
  return found
}

const addresses = (found: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  found.status === 'fulfilled' ? found.value.map((address) => ({ address, family })) : []

/** The system's own way (hosts file, search domains) takes one of the few threads that the database shares, so it has at most two. */
const THREADS = 2
const asked = new Map<string, Promise<LookupAddress[]>>()
const waiting: (() => void)[] = []
let busy = 0

function system(host: string): Promise<LookupAddress[]> {
  const found = asked.get(host) ?? inTurn(host).finally(() => asked.delete(host))
  asked.set(host, found)
  return found
}

async function inTurn(host: string): Promise<LookupAddress[]> {
  if (busy >= THREADS) await new Promise<void>((go) => waiting.push(go))
  else busy++
  try {
    return await new Promise((done, fail) =>
      systemLookup(host, { all: true }, (error, found) => (error ? fail(error) : done(found))),
    )
  } finally {
    const go = waiting.shift()
    if (go) go()
    else busy--
  }
}

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
