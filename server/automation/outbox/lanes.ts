import type { Instant } from '#util'

/** Messages under way: to one host, and to all together. From half of all on, no host gets a second place. */
const PER_HOST = 4
const TOTAL = 64
/** So many failures in a row open the breaker: 30 s, 1 min … at most five minutes. */
const FAILURES = 5
const openFor = (openings: number): number => Math.min(30_000 * 2 ** (openings - 1), 300_000)

interface Lane {
  inFlight: number
  /** In a row, of the host itself. */
  failures: number
  openings: number
  openUntil: Instant | undefined
  since: Instant | undefined
  lastError: string | undefined
  /** When it last got a place; the one that waits longest comes first. */
  turn: number
}

/** A lane's breaker: closed lets messages pass, open lets none, half-open lets one pass to see whether the host is back. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'halfOpen'
  readonly since: Instant | undefined
  readonly openUntil: Instant | undefined
  readonly lastError: string | undefined
}

/** Which host's messages may leave: places and circuit breakers, as this node sees them. Another node learns for itself. */
export interface Lanes {
  /** From when on a message of the host may leave; undefined while it has no place. */
  readyAt(host: string): Instant | undefined
  /** Hosts in the order of their turn. */
  inTurn(hosts: readonly string[]): string[]
  /** Takes as many places as the host may have now. */
  take(host: string, now: Instant): number
  giveBack(host: string, places: number): void
  answered(host: string): void
  failed(host: string, now: Instant, error: string): void
  /** Forgets what spoke against the host: the next message is tried at once. */
  reset(host: string): void
  breaker(host: string, now: Instant): Breaker
  /** Hosts that something speaks against. */
  suspects(): string[]
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  let total = 0
  let turns = 0
  const of = (host: string): Lane => {
    const lane = lanes.get(host) ?? { ...WELL, inFlight: 0, turn: 0 }
    lanes.set(host, lane)
    return lane
  }
  const room = ({ inFlight, failures, openUntil }: Lane): number => {
    const alone = failures > 0 || openUntil !== undefined || total >= TOTAL / 2
    return Math.max(0, Math.min((alone ? 1 : PER_HOST) - inFlight, TOTAL - total))
  }
  const readyAt = (host: string): Instant | undefined =>
    room(of(host)) > 0 ? (of(host).openUntil ?? -Infinity) : undefined
  const reset = (host: string): void => void Object.assign(of(host), WELL)
  return {
    readyAt,
    inTurn: (hosts) => hosts.toSorted((a, b) => of(a).turn - of(b).turn),
    take(host, now) {
      const lane = of(host)
      const places = (readyAt(host) ?? Infinity) <= now ? room(lane) : 0
      if (places > 0) lane.turn = ++turns
      lane.inFlight += places
      total += places
      return places
    },
    giveBack(host, places) {
      of(host).inFlight -= places
      total -= places
    },
    answered: reset,
    failed(host, now, error) {
      const lane = of(host)
      lane.failures++
      lane.since ??= now
      lane.lastError = error
      const isLate = lane.openUntil !== undefined && lane.openUntil > now
      if (lane.failures >= FAILURES && !isLate) lane.openUntil = now + openFor(++lane.openings)
    },
    reset,
    breaker(host, now) {
      const { since, openUntil, lastError } = of(host)
      const state = openUntil === undefined ? 'closed' : openUntil > now ? 'open' : 'halfOpen'
      return { state, since, openUntil, lastError }
    },
    suspects: () => [...lanes].filter(([, lane]) => lane.failures > 0).map(([host]) => host),
  }
}

const WELL = { failures: 0, openings: 0, openUntil: undefined, since: undefined, lastError: undefined } as const
