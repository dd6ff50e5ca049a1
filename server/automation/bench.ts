/** What a save and a bulk save cost, beside bare statements through the same driver in the same run. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock, openDatabase } from '#database'
import { actor, bareWrites, benchOrganisation, caseOf, milestonesBy, ratio, round, saveCases, sideBySide, START } from './testing/bench-world.ts' // prettier-ignore
import type { Measure } from './testing/bench-world.ts'

const BULK = 10_000
/** Callers who save at the same time. */
const AT_ONCE = 10

export async function bench(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'milepost-bench-'))
  const database = await openDatabase({ url: `sqlite:${join(folder, 'bench.db')}`, clock: manualClock(START) })
  try {
    const engine = await benchOrganisation(database)
    const bare = bareWrites(database, engine)
    const save = (i: number) => engine.save(actor, [caseOf(i)])
    const atOnce = (i: number) => Promise.all(Array.from({ length: AT_ONCE }, (_, n) => save(i * AT_ONCE + n)))
    const [insert, single, shared] = await sideBySide(
      { times: 100, run: bare.insert },
      { times: 40, run: save },
      { times: 8, run: atOnce },
    )
    const start = performance.now()
    await saveCases(engine, BULK)
    const bulk = performance.now() - start
    await saveCases(engine, BULK)
    const [byTarget, byTimeLeft] = await sideBySide(
      { times: 20, run: milestonesBy(engine, 'TargetDate') },
      { times: 1, run: milestonesBy(engine, 'TimeRemainingMinutes') },
    )
    return [
      { name: 'bare insert of a case, one transaction each', value: round(insert!.ms), unit: 'ms' },
      { name: 'bare insert of a case, CPU', value: round(insert!.cpu), unit: 'ms CPU' },
      { name: 'save of a case with a six-item process', value: round(single!.ms), unit: 'ms', ratio: ratio(single!.ms, insert!.ms), against: 'bare insert' },
      { name: 'save of a case with a six-item process, CPU', value: round(single!.cpu), unit: 'ms CPU', ratio: ratio(single!.cpu, insert!.cpu), against: 'bare insert, CPU' },
      { name: 'the same by ten callers at once, CPU a save', value: round(shared!.cpu / AT_ONCE), unit: 'ms CPU', ratio: ratio(shared!.cpu / AT_ONCE, insert!.cpu), against: 'bare insert, CPU' },
      { name: 'bulk save of 10,000 cases with the process', value: round(bulk / 1000), unit: 's', ratio: ratio(bulk / BULK, insert!.ms), against: 'bare insert, a row' },
      { name: 'the 50 of 40,000 running milestones with the least time left', value: round(byTimeLeft!.ms), unit: 'ms', ratio: ratio(byTimeLeft!.ms, byTarget!.ms), against: 'by target date, from an index' },
    ] // prettier-ignore
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}
