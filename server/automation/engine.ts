import type { Catalog } from '#metadata'
import type { Database } from '#database'
import { checkVersions } from '#process'
import type { Finding, Instant } from '#util'
import { changeBus } from './changes.ts'
import type { Engine } from './engine-types.ts'
import { adoptNumbers } from './catalog/new-numbers.ts'
import { adoptRollups } from './catalog/new-rollups.ts'
import { catalogStore } from './catalog/catalog-store.ts'
import { milestoneOperations, timerOperations } from './milestones.ts'
import { outboxOperations } from './outbox/operations.ts'
import { createDispatcher } from './outbox/dispatcher.ts'
import type { Mail, MailWriter } from './outbox/send.ts'
import type { PrivateHosts } from './outbox/lookup.ts'
import { registryOf } from './processes/registry.ts'
import type { RunContext } from './runs.ts'
import { saveAll } from './save/bulk.ts'
import { canShare, togetherSaver } from './save/together.ts'
import { deployRows } from './set-up-rows/deploy-rows.ts'
import { workJournal } from './journal/work.ts'
import { formulaSetUp } from './set-up/formula-set-up.ts'
import { isHeld } from './set-up/set-up.ts'
import { adoptTzdata } from './set-up/tzdata.ts'
import { setUpHolder } from './set-up/holder.ts'
import { createBackground } from './worker/background.ts'
import { backlog } from './worker/backlog.ts'
import { keepClocks } from './worker/clocks.ts'
import { fireBatch } from './worker/fire.ts'
import { isPurgeDue, purgeRecords } from './worker/purge.ts'
import { processOperations } from './versions/operations.ts'
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
  const context: RunContext = {
    database,
    setUps,
    changes,
    followRows: catalogs.followRows,
    nudge: () => background.nudge(),
  }
  const dispatcher = createDispatcher({ database, catalog: catalogs.current, mail, writeMail, privateHosts, onPlace: context.nudge }) // prettier-ignore
  const daily = async (now: Instant): Promise<number> => {
    const noted = await keepClocks(context, catalogs.current(), now)
    if (!(await isPurgeDue(database, now))) return noted
    return noted + (await catalogs.purge(now)) + (await purgeRecords(database, catalogs.current(), now))
  }
  const journal = async (now: Instant): Promise<number> => {
    const done = await workJournal(context, catalogs.current(), now)
    await catalogs.calculated()
    return done
  }
  const background = createBackground({ context, catalog: catalogs.current, dispatcher, journal, daily })
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
    await journal(database.clock.now())
    return applied
  }
  return {
    database,
    catalogs: {
      ...catalogs,
      apply: async (actor, planId) => andJournal(await catalogs.apply(actor, planId)),
    },
    milestones: milestoneOperations(context, catalogs.current),
    processes: processOperations(context, catalogs),
    timers: timerOperations(context, catalogs.current),
    outbox: outboxOperations(context, catalogs.current, dispatcher),
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
    changesHeard: changes.heard,
    runDue: background.runDue,
    start: async () => {
      await adoptTzdata(context, catalogs.current())
      await adoptRollups(database, catalogs.current())
      await adoptNumbers(database, catalogs.current())
      background.start()
    },
    stop: async () => {
      await background.stop()
      catalogs.close()
      changes.close()
      setUps.close()
      mail?.close()
    },
    backlog: () => backlog(database, catalogs.current()),
    health: () => ({ ...background.health(), silentHosts: dispatcher.suspects().length }),
  }
}
