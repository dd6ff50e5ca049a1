import { randomUUID } from 'node:crypto'
import { allDocuments, planChange, validateDocuments } from '#metadata'
import type { Catalog, Change, FieldOn, Plan } from '#metadata'
import { DatabaseError } from '#database'
import type { Database, Transaction } from '#database'
import {
  applyTableSteps,
  checkData,
  dueForPurge,
  purgeSteps,
  afterPurge,
  changeHistory,
  changesSince,
  loadStoredDocuments,
  releaseMetadataLock,
  seesEveryRow,
  seesFields,
  saveDocuments,
  storedChange,
  storedVersion,
  tableSteps,
  takeMetadataLock,
} from '#records'
import type { Actor, DataReport, StoredChange } from '#records'
import { formatInstant, hasErrors } from '#util'
import type { Finding, Instant, Value } from '#util'
import type { CatalogStore, DocumentChange, PlanView } from '../engine-types.ts'
import { administratorLosses, checkAdministrators, recheckAdministrators } from '../administrators.ts'
import { RowsRefused } from '../set-up-rows/deploy-rows.ts'
import { readRowDocuments } from '../set-up-rows/stored-rows.ts'
import type { RowChange, RowsDeployed } from '../set-up-rows/types.ts'
import type { RunContext } from '../runs.ts'
import { checkRemoved } from '../versions/pinned.ts'
import { checkAuthority } from './authority.ts'
import { changedDocuments, goneDocuments } from './changed-documents.ts'
import { compileOrThrow } from './install.ts'
import { checkRowNames } from './named-rows.ts'
import { checkNamedBefore, followRenamesInRows } from './naming-rows.ts'
import { requeueNewMeaning } from './new-meaning.ts'
import { followRowNames, followTexts } from './follow-rows.ts'
import { clearCalculating, markCalculating } from './in-background.ts'
import { makeRoom } from './make-room.ts'
import { numberExisting, numberSteps } from './new-numbers.ts'
import { countNewRollups, rollupSteps } from './new-rollups.ts'
import { isPending } from '../journal/store.ts'
import { planWarnings } from './plan-warnings.ts'
import { madeBy } from './own.ts'
import { undoDraft, undoOf } from './undo.ts'

const CHANNEL = 'milepost_catalog'
const LOCK_MS = 60_000
const PLANS_KEPT = 100

interface Kept {
  readonly plan: Plan
  readonly base: number
  readonly undo: readonly DocumentChange[]
  readonly rows: readonly RowChange[]
  /** What the plan said would become of the rows. */
  readonly rowSteps: readonly string[]
  /** Somebody agreed to what the plan loses. */
  readonly mayLose: boolean
}

interface Options {
  readonly allowDestructive?: boolean
  readonly shipped?: boolean
  readonly warnings?: readonly string[]
  readonly losses?: readonly string[]
}

const newId = (): string => randomUUID().replaceAll('-', '')
const NO_PLAN: PlanView = { planId: '', steps: [], warnings: [], losses: [], questions: [], findings: [] }
const NOTHING: DataReport = { findings: [], losses: [] }

/** Saves set-up rows in the transaction of a change. */
export type DeployRows = (
  tx: Transaction,
  catalog: Catalog,
  actor: Actor,
  changes: readonly RowChange[],
  version: number,
) => Promise<RowsDeployed>

/** The current catalog of one node. A change is planned, applied in one transaction, and published by swapping a pointer. */
export function catalogStore(
  database: Database,
  first: Catalog,
  check: (catalog: Catalog) => readonly Finding[],
  deployRows: DeployRows,
): CatalogStore &
  Pick<RunContext, 'followRows'> & {
    close(): void
    purge(now: Instant): Promise<number>
    calculated(): Promise<void>
  } {
  let current = first
  const callbacks = new Set<(catalog: Catalog) => void>()
  const plans = new Map<string, Kept>()
  const publish = (catalog: Catalog): void => {
    if (catalog.version <= current.version) return
    current = catalog
    for (const callback of callbacks) callback(catalog)
  }
  const catchUp = async (): Promise<void> => {
    if ((await storedVersion(database)) <= current.version) return
    const { version, documents } = await loadStoredDocuments(database)
    publish(compileOrThrow(documents, version))
  }
  const checkAuthor = async (actor: Actor, { steps, next }: Plan): Promise<Finding[]> => {
    if (!next || actor.permissions.system.has('manageUsers')) return []
    return checkAuthority({ actor, current, next, steps, made: await madeBy(database, actor.userId) })
  }
  const unlisten = database.listen(CHANNEL, () => void catchUp().catch(() => {}))

  const plan = async (actor: Actor, changes: readonly DocumentChange[], options: Options = {}): Promise<PlanView> => {
    if (!mayChange(actor)) return { ...NO_PLAN, findings: [NO_ACCESS] }
    const rows = changes.filter((change) => change.kind === 'Row')
    const documents = changes.filter((change): change is Change => change.kind !== 'Row')
    const planned = planChange(current, documents, { ...options, newId, at: formatInstant(database.clock.now()) })
    const room = await makeRoom(database, current, planned)
    const made = room.plan
    const changing = made.next && made.next !== current
    const access = { ...actor, catalog: current }
    const seen = (on: FieldOn): boolean => seesFields(access, [on]) && seesEveryRow(access, on.object)
    const data = changing ? await checkData(database, current, made.next, seen) : NOTHING
    const checked = changing
      ? [
          ...(await checkAuthor(actor, made)),
          ...check(made.next),
          ...data.findings,
          ...(await checkRemoved(database, current, made.next)),
          ...(await checkNamedBefore(database, current, made.next)),
          ...(rows.length > 0 ? [] : await checkRowNames(database, current, made.next)),
          ...(await checkAdministrators(database, current, made.next)),
          ...administratorLosses(current, made.next),
        ]
      : []
    const losses = [...(options.losses ?? []), ...data.losses, ...room.losses]
    const agreed = losses.length === 0 || (options.allowDestructive ?? false)
    const errors = [
      ...made.findings,
      ...room.findings,
      ...checkRows(rows),
      ...checked.filter((f) => f.severity === 'error'),
      ...(agreed ? [] : [needsConsent(losses)]),
    ]
    const tried = errors.length === 0 && rows.length > 0 ? await tryRows(made, actor, rows) : NO_ROWS
    const findings = [...errors, ...tried.findings.filter((f) => f.severity === 'error')]
    const planId = randomUUID()
    const undo = [...undoOf(current, made), ...tried.undo]
    const rowSteps = tried.steps.map((s) => s.text)
    plans.set(planId, { plan: { ...made, findings }, base: current.version, undo, rows, rowSteps, mayLose: options.allowDestructive ?? false }) // prettier-ignore
    if (plans.size > PLANS_KEPT) plans.delete(plans.keys().next().value!)
    const before = changing ? [...current.warnings, ...check(current)] : current.warnings
    const warnings = planWarnings(made.steps, [...made.warnings, ...checked, ...tried.findings], before)
    const next = findings.length === 0 ? made.next : undefined
    const counted = next ? [...(await numberSteps(database, current, next)), ...(await rollupSteps(database, current, next))] : [] // prettier-ignore
    const steps = [...made.steps, ...room.steps, ...counted, ...tried.steps]
    return {
      planId,
      steps,
      warnings: [...(options.warnings ?? []), ...warnings, ...affects(tried)],
      losses,
      questions: made.questions,
      findings,
    }
  }
  /** Rows are checked by saving them, in a transaction that is undone. */
  const tryRows = async (made: Plan, actor: Actor, rows: readonly RowChange[]): Promise<Tried> => {
    try {
      return await database.transaction(async (tx) => {
        const next = await changeTables(tx, current, made)
        const deployed = await deployRows(tx, next, actor, rows, current.version + 1)
        throw new Undone({ ...deployed, findings: await checkRowNames(tx, current, followRowNames(next, deployed.renames, current.version + 1)) }) // prettier-ignore
      })
    } catch (error) {
      if (error instanceof Undone) return error.tried
      if (error instanceof RowsRefused) return { ...NO_ROWS, findings: error.findings }
      throw error
    }
  }
  const apply = async (actor: Actor, planId: string): Promise<{ version: number; findings: readonly Finding[] }> => {
    const kept = plans.get(planId)
    const refusal = mayChange(actor)
      ? (refusalOf(kept, current) ?? (await checkAuthor(actor, kept!.plan))[0])
      : NO_ACCESS
    if (!kept || refusal) return { version: current.version, findings: [refusal!, ...(kept?.plan.findings ?? [])] }
    plans.delete(planId)
    if (kept.plan.steps.length + kept.rowSteps.length === 0) return { version: current.version, findings: [] }
    const next = await commit(database, current, kept, actor, deployRows).catch(tooLarge).catch(stalePlan)
    if (!next || 'severity' in next) return { version: current.version, findings: [next ?? STALE_PLAN] }
    publish(next)
    database.notify(CHANNEL, String(next.version))
    return { version: next.version, findings: kept.plan.findings }
  }
  return {
    current: () => current,
    catchUp,
    onChange: (callback) => {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    plan,
    apply,
    planUndo: async (actor, version, options = {}) => {
      if (!mayChange(actor)) return { ...NO_PLAN, findings: [NO_ACCESS] }
      const stored = await storedChange(database, version)
      if (!stored || !Array.isArray(stored.undo)) return { ...NO_PLAN, findings: [cannotUndo(version, stored)] }
      const { changes, findings, ...draft } = undoDraft(current, stored, await changesSince(database, version))
      return findings.length > 0 ? { ...NO_PLAN, ...draft, findings } : plan(actor, changes, { ...options, ...draft })
    },
    rows: () => readRowDocuments(database, current),
    history: async (limit) =>
      (await changeHistory(database, limit)).map((change) => ({
        version: change.version,
        at: change.at,
        by: change.by ?? '',
        steps: (change.changes as Value[]).map(String),
      })),
    followRows: async (run, renames) => {
      const next = followRowNames(run.catalog, renames, run.catalog.version + 1)
      await saveDocuments(run.tx, {
        base: run.catalog.version,
        at: formatInstant(run.now),
        by: run.actor.userId || null,
        reason: 'row',
        put: changedDocuments(run.catalog, next),
        changes: followTexts(renames),
        undo: null,
      })
      run.tx.afterCommit(() => {
        publish(next)
        database.notify(CHANNEL, String(next.version))
      })
      return next.version
    },
    purge: async (now) => {
      const dropped = purgeSteps(current, now).length
      const next = dropped > 0 && (await commitPurge(database, current, now).catch(stalePlan))
      if (!next) return 0
      publish(next)
      database.notify(CHANNEL, String(next.version))
      return dropped
    },
    calculated: async () => {
      if (!isCalculating(current)) return
      if ((await isPending(database, 'auto-number')) || (await isPending(database, 'roll-up'))) return
      const next = await commitCalculated(database, current).catch(stalePlan)
      if (!next) return
      publish(next)
      database.notify(CHANNEL, String(next.version))
    },
    close: unlisten,
  }
}

const isCalculating = (catalog: Catalog): boolean =>
  allDocuments(catalog).some((d) => d.kind === 'Field' && d.calculating)

const mayChange = (actor: Actor): boolean =>
  actor.system !== undefined || actor.permissions.system.has('manageMetadata')

/** Another node was quicker: its version is in force now. Or the rows are not what they were when the plan was made. */
function stalePlan(error: unknown): undefined {
  if (error instanceof RowsRefused || (error instanceof DatabaseError && error.code === 'BUSY')) return undefined
  throw error
}

/** PostgreSQL takes 8 kB in a row, without the long texts. */
function tooLarge(error: unknown): Finding {
  if (!(error instanceof DatabaseError) || error.code !== 'TOO_LARGE') throw error
  return problem('TOO_LARGE', `A record would be larger than the database takes, former values of its fields included (${error.message}). Nothing was changed.`, 'Change fewer fields at a time; former values are purged after fifteen days.') // prettier-ignore
}

const problem = (code: string, message: string, hint?: string): Finding => ({
  code,
  severity: 'error',
  message,
  ...(hint ? { hint } : {}),
})

const needsConsent = (losses: readonly string[]): Finding =>
  problem('DESTRUCTIVE', `This would lose data: ${losses.join(' ')}`, 'Plan it again and agree to the loss (allowDestructive).') // prettier-ignore

/** Versions that no change of somebody's made. */
const BY_THE_PLATFORM: { readonly [reason: string]: string } = {
  purge: 'removed for good what had been deleted fifteen days before',
  'roll-up': 'only says that fields are calculated',
  row: 'only calls a row by its new name',
}

function cannotUndo(version: number, stored: StoredChange | undefined): Finding {
  if (!stored) return problem('NO_SUCH_CHANGE', `There is no change ${version} that can be undone.`)
  const why = BY_THE_PLATFORM[stored.reason ?? ''] ?? 'set up the organisation'
  return problem('NO_SUCH_CHANGE', `Version ${version} ${why}, which can’t be undone.`)
}

const STALE_PLAN = problem(
  'STALE_PLAN',
  'The metadata was changed since this plan was made.',
  'Make the plan again and look at it once more.',
)
const NO_ACCESS = problem(
  'NO_ACCESS',
  'You may not change the metadata.',
  'Ask an administrator for the permission manageMetadata.',
)

function refusalOf(kept: Kept | undefined, current: Catalog): Finding | undefined {
  if (!kept) return problem('NO_SUCH_PLAN', 'This plan is not known here any more.', 'Make the plan again.')
  if (kept.base !== current.version) return STALE_PLAN
  if (hasErrors(kept.plan.findings) || !kept.plan.next)
    return problem('PLAN_HAS_ERRORS', 'The plan has errors and was not applied.', 'Mend what the findings name.')
  return undefined
}

/** What would become of the rows of a plan. */
type Tried = RowsDeployed & { readonly findings: readonly Finding[] }

const NO_ROWS: Tried = { steps: [], undo: [], affected: 0, renames: [], findings: [] }

/** Thrown to undo a try. */
class Undone extends Error {
  readonly tried: Tried
  constructor(tried: Tried) {
    super('undone')
    this.tried = tried
  }
}

const checkRows = (rows: readonly RowChange[]): Finding[] =>
  validateDocuments(rows.flatMap(({ document }) => (document ? [{ document }] : [])))

const affects = ({ affected }: Tried): string[] =>
  affected > 0 ? [`${affected === 1 ? '1 record' : `${affected} records`} in flight will be looked at again.`] : []

/** Brings tables, and names that rows hold, to a plan's catalog; the catalog as it is when the plan changes no document. */
async function changeTables(tx: Transaction, current: Catalog, plan: Plan): Promise<Catalog> {
  if (plan.steps.length === 0) return current
  const next = compileOrThrow(plan.documents, current.version + 1)
  await applyTableSteps(tx, tableSteps(current, next))
  await followRenamesInRows(tx, current, next)
  return next
}

/** Lock, tables, documents, set-up rows and history in one transaction; nothing is visible before it commits. */
async function commit(
  database: Database,
  current: Catalog,
  { plan, base, undo, rows, rowSteps, mayLose }: Kept,
  actor: Actor,
  deployRows: DeployRows,
): Promise<Catalog> {
  const owner = randomUUID()
  const now = database.clock.now()
  return database.transaction(async (tx) => {
    await takeMetadataLock(tx, owner, now, LOCK_MS)
    const lost = await recheckAdministrators(tx, current, plan.next!, now)
    // What was saved since the plan was made may be lost now.
    if (!mayLose && (await checkData(tx, current, plan.next!)).losses.length > 0) throw new RowsRefused([STALE_PLAN])
    const changed = await changeTables(tx, current, plan)
    const counted = await withCalculated(tx, current, changed, now)
    const deployed = rows.length > 0 ? await deployRows(tx, counted, actor, rows, base + 1) : NO_ROWS
    const next = followRowNames(counted, deployed.renames, base + 1)
    const named = await checkRowNames(tx, current, next)
    const problems = [...lost, ...named.filter((f) => f.severity === 'error')]
    if (problems.length > 0) throw new RowsRefused(problems)
    const done = deployed.steps.map((step) => step.text)
    if (done.join('\n') !== rowSteps.join('\n')) throw new RowsRefused([STALE_PLAN])
    await saveDocuments(tx, {
      base,
      at: formatInstant(now),
      by: actor.userId || null,
      put: changedDocuments(current, next),
      remove: goneDocuments(current, next),
      changes: [...plan.steps.map((step) => step.text), ...done, ...followTexts(deployed.renames)],
      undo: undo as unknown as Value,
    })
    await requeueNewMeaning(tx, current, next, now)
    await releaseMetadataLock(tx, owner)
    return next === current ? compileOrThrow(plan.documents, base + 1) : next
  })
}

/** The catalog with its new auto-numbers and roll-ups calculated, or marked as being so. */
async function withCalculated(tx: Transaction, current: Catalog, next: Catalog, now: Instant): Promise<Catalog> {
  const numbered = await numberExisting(tx, current, next, now)
  const waiting = new Set([...numbered, ...(await countNewRollups(tx, current, next, now))])
  return waiting.size > 0 ? compileOrThrow(markCalculating(allDocuments(next), waiting), next.version) : next
}

/** What the journal has calculated is said no more to be calculating. */
async function commitCalculated(database: Database, current: Catalog): Promise<Catalog> {
  return database.transaction(async (tx) => {
    const owner = randomUUID()
    const now = database.clock.now()
    await takeMetadataLock(tx, owner, now, LOCK_MS)
    const next = compileOrThrow(allDocuments(current).map(clearCalculating), current.version + 1)
    const put = changedDocuments(current, next)
    const changes = put.map((d) => `${d.name} is calculated.`)
    await saveDocuments(tx, { base: current.version, at: formatInstant(now), by: null, reason: 'roll-up', put, remove: [], changes, undo: null }) // prettier-ignore
    await releaseMetadataLock(tx, owner)
    return next
  })
}

/** Removes for good what was deleted, and what a field stored otherwise, fifteen days ago: columns, tables and documents, in one transaction. */
async function commitPurge(database: Database, current: Catalog, now: Instant): Promise<Catalog> {
  const next = compileOrThrow(afterPurge(current, now), current.version + 1)
  const [put, due] = [changedDocuments(current, next), dueForPurge(current, now)]
  await database.transaction(async (tx) => {
    await applyTableSteps(tx, purgeSteps(current, now))
    await saveDocuments(tx, {
      base: current.version,
      at: formatInstant(now),
      by: null,
      reason: 'purge',
      put,
      remove: goneDocuments(current, next),
      changes: [
        ...due.map((d) => `Purge ${d.kind} ${d.name}.`),
        ...put.map((d) => `Purge the former values of ${d.name}.`),
      ],
      undo: null,
    })
  })
  return next
}
