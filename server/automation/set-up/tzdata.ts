import type { Catalog } from '#metadata'
import { automationActor } from '../actor.ts'
import { readSetting, writeSetting } from '../catalog/settings.ts'
import { enqueue } from '../journal/store.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import { affectedRecords } from './affected.ts'

const SETTING = 'tzdata'

/** The first start under other time zone rules than before: every open target is computed again, from the journal. */
export async function adoptTzdata(context: RunContext, catalog: Catalog): Promise<void> {
  const { database, setUps } = context
  if ((await readSetting(database, SETTING)) === setUps.tzdata) return
  const who = { actor: automationActor('tzdata'), cause: 'tzdata', now: database.clock.now() }
  await inRun(context, catalog, who, async (run) => {
    const before = await readSetting(run.tx, SETTING)
    if (before === setUps.tzdata) return
    await writeSetting(run.tx, SETTING, setUps.tzdata)
    if (before === undefined) return
    const hours = run.setUp.allHours.map((h) => h.id)
    const nothing = { names: new Set<string>(), zone: false, defaultHours: false, settings: [], rates: false }
    const records = await affectedRecords(run.tx, catalog, { ...nothing, hours })
    await enqueue(run.tx, run.now, 'tzdata', { records, what: `time zone rules ${before} → ${setUps.tzdata}` })
  })
}
