import { cascadeDeletes } from './delete.ts'
import { checkReferences, checkTypes, checkUnique } from './checks.ts'
import { applyDefaultFormulas, applyDefaults } from './defaults.ts'
import { checkLastAdministrator } from './last-administrator.ts'
import { hydrate } from './hydrate.ts'
import { writeHistory } from './history.ts'
import { checkNamedRows } from './named-rows.ts'
import { checkNames } from './names.ts'
import { pathsOf } from './paths.ts'
import { checkPermission } from './permission.ts'
import { prefetch } from './prefetch.ts'
import { updateRollups } from './rollups.ts'
import { checkHoliday, checkValidationRules } from './validation.ts'
import { signOut } from './sign-out.ts'
import { writeDrafts } from './write.ts'
import { applyStamps } from './stamps.ts'
import { undoFailedActions } from './undo.ts'
import { evaluateProcesses } from '../processes/evaluate.ts'
import { persistProcesses, setProcessFields } from '../processes/persist.ts'
import { performActions } from '../actions/perform.ts'
import type { Draft, Run } from './draft.ts'
import type { PendingAction } from '../processes/work.ts'

/** More rounds of actions than this are a loop. */
const MAX_ROUNDS = 8

export class LoopError extends Error {}

/** A strict process could not be worked out, so nothing is saved. */
export class ProcessError extends Error {}

/**
 * The order of a save (SPEC section 2). Reading and thinking go in rounds over the drafts that still need a look; everything is written once.
 * `admit` drops or refuses the drafts that failed: all-or-nothing throws there, partial sets them aside. `first`: actions of an event by hand.
 */
export async function save(
  run: Run,
  admit: (failed: readonly Draft[]) => void,
  first: readonly PendingAction[] = [],
): Promise<void> {
  await cascadeDeletes(run)
  const loop: string[] = []
  for (let round = 0; ; round++) {
    const drafts = run.drafts.filter((d) => d.dirty && d.errors.length === 0)
    await check(run, drafts)
    await undoFailedActions(run, drafts, check)
    if (round === 0) admit(run.drafts.filter((d) => d.errors.length > 0))
    const live = drafts.filter((d) => d.errors.length === 0)
    for (const draft of live) draft.dirty = false
    const pending = [...(round === 0 ? first : []), ...run.asked.splice(0), ...(await evaluateProcesses(run, live))]
    refuseStrict(live)
    if (pending.length === 0 && !run.drafts.some((d) => d.dirty)) break
    if (round > 0) loop.push(...pending.map((p) => p.action.name))
    if (round >= MAX_ROUNDS) throw new LoopError(loopMessage(loop))
    await performActions(run, pending)
  }
  await write(run)
}

/** Steps 1 to 6: permission, defaults, default formulas, types and picklists, duplicates, the last administrator, validation rules. */
async function check(run: Run, drafts: readonly Draft[]): Promise<void> {
  const fresh = drafts.filter((d) => !d.admitted)
  for (const draft of fresh) {
    checkPermission(draft)
    applyDefaults(run, draft)
    draft.admitted = true
  }
  const allowed = drafts.filter((d) => !d.errors.some((e) => e.field === undefined))
  await hydrate(run, allowed, (draft) => pathsOf(run.catalog, draft))
  await prefetch(run, allowed)
  for (const draft of allowed) applyDefaultFormulas(run, draft)
  for (const draft of allowed) checkTypes(draft)
  for (const draft of allowed) checkNames(run.catalog, draft)
  await prefetch(run, allowed)
  for (const draft of allowed) if (draft.errors.length === 0) applyStamps(run, draft)
  await checkReferences(run, allowed)
  await checkUnique(run, allowed)
  await checkNamedRows(run, allowed)
  await checkLastAdministrator(run)
  await prefetch(run, allowed)
  for (const draft of allowed) if (draft.errors.length === 0) checkValidationRules(run, draft)
  for (const draft of allowed) checkHoliday(draft)
}

/** Steps 7 to 11: records, those who are signed out by them, history, process rows and timers, roll-ups. */
async function write(run: Run): Promise<void> {
  setProcessFields(run)
  await writeDrafts(run, run.drafts)
  await signOut(run)
  await writeHistory(run)
  await persistProcesses(run)
  await updateRollups(run)
}

function refuseStrict(drafts: readonly Draft[]): void {
  const messages = drafts.flatMap((draft) => draft.errors.map((e) => e.message))
  if (messages.length > 0) throw new ProcessError([...new Set(messages)].join(' '))
}

function loopMessage(actions: readonly string[]): string {
  const names = [...new Set(actions)]
  const loop = names.length === 1 ? `${names[0]} keeps setting itself off` : `${names.join(' → ')} keep setting each other off` // prettier-ignore
  return `The save was stopped after ${MAX_ROUNDS} rounds of actions: ${loop}. Change one of them so that it does nothing when it has run already.`
}
