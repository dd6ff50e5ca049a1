import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { formatInstant, parseInstant } from '#util'
import type { Instant, Row } from '#util'
import { adoptHosts, claim, dueHosts } from './claim.ts'
import { deliver } from './deliver.ts'
import type { Senders } from './deliver.ts'
import { createLanes } from './lanes.ts'
import type { Breaker } from './lanes.ts'
import { resultWriter } from './results.ts'

const RESETS = 'milepost_outbox_resets'
/** A node of an earlier release may still write messages. */
const ADOPT_AGAIN_MS = 60_000

/** Sends the outbox: each host has places, a breaker and its turn, so that one that hangs keeps nobody else waiting. */
export interface Dispatcher {
  /** Claims what is due and has a place, and sends it without waiting for the answers: how many. */
  dispatch(now: Instant): Promise<number>
  /** When a message may leave next; when a place is free again, `onPlace` is called. */
  next(): Promise<string | undefined>
  /** Returns when what is under way now has come back. */
  settled(): Promise<void>
  /** Gives up what is under way; it is due again, under the same key. */
  stop(): Promise<void>
  /** Closes the host's breaker, on every node. */
  reset(host: string): void
  breaker(host: string): Breaker
  /** Hosts that do not answer just now. */
  suspects(): string[]
}

export interface DispatcherOptions extends Senders {
  readonly database: Database
  readonly catalog: () => Catalog
  readonly onPlace: () => void
}

export function createDispatcher({ database, catalog, onPlace, ...senders }: DispatcherOptions): Dispatcher {
  const { clock } = database
  const lanes = createLanes()
  const underWay = new Map<Promise<void>, AbortController>()
  const outbox = () => catalog().objects.get('OutboxMessage')!
  const note = resultWriter(database, outbox)
  const unlisten = database.listen(RESETS, (host) => {
    for (const one of host === undefined ? lanes.suspects() : [host]) lanes.reset(one)
    onPlace()
  })
  let adoptedAt = -Infinity

  async function adopt(now: Instant): Promise<void> {
    if (now < adoptedAt + ADOPT_AGAIN_MS) return
    await adoptHosts(database, catalog())
    adoptedAt = now
  }
  async function dispatch(now: Instant): Promise<number> {
    await adopt(now)
    const due = (await dueHosts(database, outbox())).filter((each) => each.due <= formatInstant(now))
    const places = takePlaces(due.map(({ host }) => host), now) // prettier-ignore
    const rows = places.size > 0 ? await claimInto(places, now) : []
    for (const row of rows) start(row)
    return rows.length
  }
  const takePlaces = (hosts: readonly string[], now: Instant): Map<string, number> =>
    new Map(lanes.inTurn(hosts).map((host) => [host, lanes.take(host, now)] as const).filter(([, n]) => n > 0)) // prettier-ignore

  /** Places that nothing was found for are free again. */
  async function claimInto(places: Map<string, number>, now: Instant): Promise<Row[]> {
    let rows: Row[] = []
    try {
      rows = await claim(database, catalog(), places, now)
    } finally {
      for (const { Host } of rows) places.set(String(Host), places.get(String(Host))! - 1)
      for (const [host, left] of places) lanes.giveBack(host, left)
    }
    return rows
  }
  function start(row: Row): void {
    const abort = new AbortController()
    const work = attempt(row, abort.signal).finally(() => {
      underWay.delete(work)
      lanes.giveBack(String(row.Host), 1)
      onPlace()
    })
    underWay.set(work, abort)
  }
  /** A result that can't be noted leaves the message as it is: it is sent again when its lease has passed. */
  async function attempt(row: Row, signal: AbortSignal): Promise<void> {
    const { set, hostFailure } = await deliver({ database, catalog: catalog(), ...senders }, row, signal)
    const host = String(row.Host)
    if (hostFailure !== undefined) lanes.failed(host, clock.now(), hostFailure)
    else if (!signal.aborted) lanes.answered(host)
    await note({ id: String(row.Id), set }).catch(() => {})
  }
  async function next(): Promise<string | undefined> {
    const now = clock.now()
    const at = (await dueHosts(database, outbox())).map(({ host, due }) =>
      Math.max(lanes.readyAt(host) ?? Infinity, parseInstant(due) ?? now),
    )
    const first = Math.min(...at)
    return Number.isFinite(first) ? formatInstant(first) : undefined
  }
  const settled = async (): Promise<void> => void (await Promise.all(underWay.keys()))
  return {
    dispatch,
    next,
    settled,
    stop: async () => {
      unlisten()
      for (const abort of underWay.values()) abort.abort()
      await settled()
    },
    reset: (host) => {
      lanes.reset(host)
      database.notify(RESETS, host)
    },
    breaker: (host) => lanes.breaker(host, clock.now()),
    suspects: lanes.suspects,
  }
}
