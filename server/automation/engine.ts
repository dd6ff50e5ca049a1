import type { Catalog } from '#metadata'
import { isUnavailable } from '#database'
import type { Database } from '#database'
import { checkVersions } from '#process'
import type { Finding, Instant } from '#util'
import { automationActor } from './actor.ts'
import { changeBus } from './changes.ts'
import type { Engine } from './engine-types.ts'
import { catalogStore } from './catalog/catalog-store.ts'
import { milestoneOperations, timerOperations } from './milestones.ts'
import { outboxOperations } from './outbox/operations.ts'
import { deliverDue, nextDelivery } from './outbox/outbox.ts'
import type { Mail, MailWriter } from './outbox/send.ts'
import type { PrivateHosts } from './outbox/webhook.ts'
import { registryOf } from './processes/registry.ts'
import { inRun } from './runs.ts'
import type { RunContext } from './runs.ts'
import { saveAll } from './save/bulk.ts'
import { loadDrafts } from './save/load.ts'
import { save } from './save/save.ts'
import { canShare, togetherSaver } from './save/together.ts'
import { deployRows } from './set-up-rows/deploy-rows.ts'
import { nextJournal } from './journal/store.ts'
import { workJournal } from './journal/work.ts'
import { formulaSetUp } from './set-up/formula-set-up.ts'
import { isHeld } from './set-up/set-up.ts'
import { adoptTzdata } from './set-up/tzdata.ts'
import { setUpHolder } from './set-up/holder.ts'
import { claimDue, nextDue, putOff } from './worker/timers.ts'
import { isPurgeDue, purgeRecords } from './worker/purge.ts'
import { processOperations } from './versions/operations.ts'
import { createWorker } from './worker/worker.ts'
import { diagnose } from './diagnose.ts'
import { repair } from './replay/repair.ts'
import type { RepairOptions, RepairReport } from './replay/repair.ts'
import type { SaveOptions, SaveRequest, SaveResult } from './types.ts'
import type { Actor } from '#records'

export interface EngineOptions {
  readonly database: Database
  readonly catalog: Catalog
  /** Absent: e-mails are held in the outbox. */
  readonly mail?: Mail
  readonly writeMail?: MailWriter
  /** Hosts inside the own network that webhooks may reach; default none. */
  readonly privateHosts?: PrivateHosts
  /** Version of the time zone rules; default the machine's. */
  readonly tzdata?: string
}

/** Beside the engine's public face: saving at another instant than now, for the seeder that lives through the demo's past. */
export interface SeedableEngine extends Engine {
  saveAt(
    actor: Actor,
    requests: readonly SaveRequest[],
    now: Instant,
    options?: SaveOptions,
  ): Promise<readonly SaveResult[]>
  /** Fires what is due up to `now`; the number of records woken. */
  fireAt(now: Instant): Promise<number>
  /** Everything that an admin should mend: tables, calendars, processes, and work that failed. */
  diagnose(): Promise<readonly Finding[]>
  /** Replays the log of every record and compares it with what is stored. */
  repair(options?: RepairOptions): Promise<RepairReport>
}

const BATCH = 200
/** What is due is worked on by so many at once: SQLite has one writer. */
const LANES = { sqlite: 1, postgres: 2 } as const

export function createEngine({
  database,
  catalog,
  mail,
  writeMail,
  privateHosts = [],
  tzdata = process.versions.tz ?? 'unknown',
}: EngineOptions): SeedableEngine {
  const setUps = setUpHolder(database, tzdata)
  const changes = changeBus(database)
  const check = (next: Catalog): Finding[] => [...registryOf(next).findings, ...checkVersions(next.processes.values())]
  const catalogs = catalogStore(database, catalog, check, (...row) => deployRows(context, ...row))
  const context: RunContext = { database, setUps, changes, nudge: () => worker.nudge() }
  const worker = createWorker({
    clock: database.clock,
    lanes: LANES[database.dialect],
    work: async (now, lane) =>
      (await fireBatch(context, catalogs.current(), now)) +
      (await workJournal(context, catalogs.current(), now)) +
      (lane === 0 ? await housekeeping(now) : 0),
    next: async () =>
      earlier(
        earlier(await nextDue(database, catalogs.current()), await nextDelivery(database, catalogs.current())),
        await nextJournal(database),
      ),
  })
  const housekeeping = async (now: Instant): Promise<number> =>
    (await purge(now)) + (await deliverDue({ database, catalog: catalogs.current(), mail, writeMail, privateHosts }))
  const purge = async (now: Instant): Promise<number> => {
    if (!(await isPurgeDue(database, now))) return 0
    return (await catalogs.purge(now)) + (await purgeRecords(database, catalogs.current(), now))
  }
  const saveAt: SeedableEngine['saveAt'] = async (actor, requests, now, options = {}) => {
    const results = await saveAll({ context, catalog: catalogs.current(), actor, now, options }, requests)
    if (requests.some((r) => isHeld(catalogs.current().object(r.object))))
      await workJournal(context, catalogs.current(), now)
    return results
  }
  const saveTogether = togetherSaver(database.dialect, (callers) => {
    const [catalog, now, actors] = [catalogs.current(), database.clock.now(), callers.map((c) => c.actor)]
    return saveAll({ context, catalog, actor: actors[0]!, actors, now, options: {} }, callers.map((c) => c.request)) // prettier-ignore
  })
  /** The first batch of what a change of set-up rows makes necessary is done before the call returns. */
  const andJournal = async <T>(applied: T): Promise<T> => {
    await workJournal(context, catalogs.current(), database.clock.now())
    return applied
  }
  return {
    database,
    catalogs: {
      ...catalogs,
      apply: async (actor, planId) => andJournal(await catalogs.apply(actor, planId)),
      undo: async (actor, version) => andJournal(await catalogs.undo(actor, version)),
    },
    milestones: milestoneOperations(context, catalogs.current),
    processes: processOperations(context, catalogs),
    timers: timerOperations(context, catalogs.current),
    outbox: outboxOperations(context, catalogs.current),
    save: async (actor, requests, options) =>
      canShare(catalogs.current(), requests, options)
        ? [await saveTogether(actor, requests[0]!)]
        : saveAt(actor, requests, database.clock.now(), options),
    saveAt,
    fireAt: async (now) => {
      let total = 0
      for (let done = -1; done !== 0; total += done) done = await fireBatch(context, catalogs.current(), now)
      return total + 1
    },
    formulaSetUp: async () => formulaSetUp(await setUps.current(database, catalogs.current())),
    diagnose: () => diagnose(context, catalogs.current()),
    repair: (options) => repair(context, catalogs.current(), options),
    onChange: changes.listen,
    runDue: worker.runDue,
    start: async () => {
      await adoptTzdata(context, catalogs.current())
      worker.start()
    },
    stop: async () => {
      await worker.stop()
      catalogs.close()
      changes.close()
      setUps.close()
      mail?.close()
    },
    health: worker.health,
  }
}

const earlier = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

/** Claims a batch of due records and wakes each; a batch that fails is done record by record, so that one bad record holds up nobody. */
async function fireBatch(context: RunContext, catalog: Catalog, now: Instant): Promise<number> {
  const who = { actor: automationActor('timer'), cause: 'timer', now }
  let claimed: string[] = []
  try {
    await inRun(context, catalog, who, async (run) => {
      claimed = await claimDue(run.tx, catalog, now, BATCH)
      await wake(run, claimed)
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    for (const record of claimed) await fireOne(context, catalog, now, record)
  }
  return claimed.length
}

async function fireOne(context: RunContext, catalog: Catalog, now: Instant, record: string): Promise<void> {
  try {
    await inRun(context, catalog, { actor: automationActor('timer'), cause: 'timer', now }, (run) =>
      wake(run, [record]),
    )
  } catch (error) {
    // That is not the record's fault: it is not put off, and fires as soon as the database is back.
    if (isUnavailable(error)) throw error
    const why = error instanceof Error ? error.message : String(error)
    await context.database.transaction((tx) => putOff(tx, catalog, record, now, why))
  }
}

async function wake(run: Parameters<typeof save>[0], records: readonly string[]): Promise<void> {
  if (records.length === 0) return
  for (const id of records) run.wakes.add(id)
  const drafts = await loadDrafts(run, records)
  if (drafts.length < records.length) throw new Error('The record has been deleted.')
  await save(run, () => {})
}
