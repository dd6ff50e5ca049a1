import { writeSync } from 'node:fs'
import { automationActor, createEngine, loadCatalog } from '#automation'
import { manualClock, openDatabase } from '#database'
import { formatInstant, parseInstant } from '#util'
import { heldBeforeCommit } from './held-database.ts'

/**
 * `node worker.ts URL FROM TO STEP_MS HOLD CONTACT`: lives from FROM to TO in steps, firing what is due and opening a case at each tenth step.
 * HOLD n > 0: stops for ever just before the n-th commit. It says on its standard output: `at <instant>` when a step is done,
 * `saved <id>` when a save was acknowledged, `held`, and `done`. A test kills it at any of these or between them.
 */
const [url, from, to, stepMs, hold, contact] = process.argv.slice(2) as [string, string, string, string, string, string]

/** Written before anything else happens, even when the process is killed in the next moment. */
const say = (line: string): void => void writeSync(1, `${line}\n`)

const clock = manualClock(parseInstant(from)!)
const opened = await openDatabase({ url, clock, readers: 2, migrate: false })
const database = Number(hold) > 0 ? heldBeforeCommit(opened, Number(hold), say) : opened
const engine = createEngine({ database, catalog: (await loadCatalog(database))! })
say('ready')

const end = parseInstant(to)!
for (let at = clock.now(); at <= end; at += Number(stepMs)) {
  clock.set(at)
  await engine.runDue()
  if ((at / Number(stepMs)) % 10 === 0) await openCase(formatInstant(at))
  say(`at ${formatInstant(at)}`)
}
say('done')
await engine.stop()
await database.close()

async function openCase(at: string): Promise<void> {
  const values = { Subject: `opened at ${at}`, Priority: 'Critical', Status: 'New', ContactId: contact }
  const [result] = await engine.save(automationActor('kill test'), [{ operation: 'create', object: 'Case', values }])
  if (!result?.id) throw new Error(JSON.stringify(result?.errors))
  say(`saved ${result.id}`)
}
