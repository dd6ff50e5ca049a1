import { readRows, updateRows } from '#records'
import type { Actor } from '#records'
import type { Catalog } from '#metadata'
import { formatInstant } from '#util'
import type { Row } from '#util'
import type { LaneView, MilestoneResult, OutboxOperations } from '../engine-types.ts'
import { mayManage } from '../may-manage.ts'
import type { RunContext } from '../runs.ts'
import { countByHost } from './claim.ts'
import type { Dispatcher } from './dispatcher.ts'
import { hostOf } from './host.ts'

/** What an admin sees of messages on their way out, and does to those that did not go. */
export function outboxOperations(
  context: RunContext,
  catalogOf: () => Catalog,
  dispatcher: Dispatcher,
): OutboxOperations {
  return {
    resend: (actor, id) => resend(context, catalogOf(), dispatcher, actor, id),
    lanes: async (actor) => (mayManage(actor) ? lanesOf(context, catalogOf(), dispatcher) : []),
    tryNow: async (actor, host) => {
      if (!mayManage(actor))
        return refusal(host, 'NO_ACCESS', 'You may not send messages again. Ask for manageProcesses.')
      dispatcher.reset(host)
      return { id: host, errors: [] }
    },
  }
}

const refusal = (id: string, code: string, message: string): MilestoneResult => ({ id, errors: [{ code, message }] })

async function lanesOf({ database }: RunContext, catalog: Catalog, dispatcher: Dispatcher): Promise<LaneView[]> {
  const counts = Map.groupBy(await countByHost(database, catalog.object('OutboxMessage')!), ({ host }) => host)
  const hosts = new Set([...counts.keys(), ...dispatcher.suspects()])
  const lanes = [...hosts].map((host): LaneView => {
    const sum = (sending: boolean) =>
      (counts.get(host) ?? []).reduce((n, row) => ((row.status === 'Sending') === sending ? n + Number(row.n) : n), 0)
    return { host, waiting: sum(false), inFlight: sum(true), ...dispatcher.breaker(host) }
  })
  return lanes.sort((a, b) => b.waiting - a.waiting || (a.host < b.host ? -1 : 1))
}

const AGAIN = ['Held', 'Dead', 'Retrying', 'Sent']

async function resend(
  context: RunContext,
  catalog: Catalog,
  dispatcher: Dispatcher,
  actor: Actor,
  id: string,
): Promise<MilestoneResult> {
  const refuse = (code: string, message: string) => refusal(id, code, message)
  if (!mayManage(actor)) return refuse('NO_ACCESS', 'You may not send messages again. Ask for manageProcesses.')
  const object = catalog.objects.get('OutboxMessage')!
  return context.database.transaction(async (tx) => {
    const row = (
      await readRows(tx, catalog, object, [id], ['Status', 'Kind', 'Payload', 'IsDeleted'], { lock: true })
    ).get(id)
    if (!row || row.IsDeleted === true) return refuse('NOT_FOUND', 'There is no such message.')
    if (!AGAIN.includes(String(row.Status)))
      return refuse('UNDER_WAY', 'This message is on its way already. Wait until it is sent or has failed.')
    const Host = hostOf(row.Kind, row.Payload as Row)
    const set = {
      Status: 'Pending',
      Host,
      Attempts: 0,
      LastError: null,
      NextAttemptDate: formatInstant(context.database.clock.now()),
    }
    await updateRows(tx, object, [{ id, set }])
    tx.afterCommit(() => {
      dispatcher.reset(Host)
      context.nudge()
    })
    return { id, errors: [] }
  })
}
