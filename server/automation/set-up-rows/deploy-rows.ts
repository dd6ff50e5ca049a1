import { documentPath, isDeployable, ROW_KEY } from '#metadata'
import type { Catalog, ObjectDef } from '#metadata'
import type { Transaction } from '#database'
import type { Actor } from '#records'
import type { Finding } from '#util'
import { automationActor } from '../actor.ts'
import { runIn } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import { addDraft, changed, sameValue } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import type { RowRename } from '../save/named-rows.ts'
import { save } from '../save/save.ts'
import { SetUpError } from '../set-up/refuse-broken.ts'
import { readRows, ownPaths } from '#records'
import { deletedBy } from '../rows.ts'
import { draftLists, draftRow } from './draft-row.ts'
import type { RowTarget } from './draft-row.ts'
import { readStoredRows, rowName, valuesOf } from './stored-rows.ts'
import type { StoredRow } from './stored-rows.ts'
import type { RowChange, RowsDeployed, RowStep } from './types.ts'

/** Rows that can't be saved as they are wanted; the transaction is to be undone. */
export class RowsRefused extends Error {
  readonly findings: readonly Finding[]
  constructor(findings: readonly Finding[]) {
    super('refused')
    this.findings = findings
  }
}

/**
 * Saves rows from their documents, all or none, through the same save as everything else. Throws RowsRefused. `version`: the one that the
 * change makes, whose documents take the names of renamed rows.
 */
export async function deployRows(
  shared: RunContext,
  tx: Transaction,
  catalog: Catalog,
  by: Actor,
  changes: readonly RowChange[],
  version: number,
): Promise<RowsDeployed> {
  const renames: RowRename[] = []
  const followRows = async (_run: Run, renamed: readonly RowRename[]): Promise<number> => {
    renames.push(...renamed)
    return version
  }
  const context = { ...shared, followRows }
  const actor = { ...automationActor('deployed rows', by), userId: by.userId }
  const who = { actor, cause: 'metadata', now: context.database.clock.now() }
  const restored = await runIn(context, tx, catalog, who, (run) => restore(run, changes))
  const saved = await refusing(() => runIn(context, tx, catalog, who, (run) => deploy(run, changes, restored.result)))
  return { ...saved.result, affected: saved.affected, renames }
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    const path = error.field ? { path: `values.${error.field}` } : {}
    throw new RowsRefused([{ code: 'BUSINESS_HOURS', severity: 'error', message: error.message, ...path }])
  }
}

/** A row that lies in the recycle bin comes back as it was, and is then changed; the ids of those that did. */
async function restore(run: Run, changes: readonly RowChange[]): Promise<ReadonlySet<string>> {
  const live = new Set((await readStoredRows(run.tx, run.catalog)).map((s) => rowName(s.object, s.key)))
  for (const { document, renameFrom } of changes) {
    const [object, key] = document ? placeOf(run.catalog, document.name) : []
    if (!document || !object || !isDeployable(object) || live.has(document.name) || renameFrom !== undefined) continue
    const id = await deletedBy(run.tx, object, object.field(ROW_KEY)!, key!)
    const before = id && (await readRows(run.tx, run.catalog, object, [id], ownPaths(object), { lock: true })).get(id)
    if (id && before)
      addDraft(run, { object, operation: 'undelete', id, before, changes: {}, actor: run.actor, index: -1 })
  }
  if (run.drafts.length > 0) await save(run, refuse)
  return new Set(run.drafts.map((d) => d.id))
}

const refuse = (failed: readonly Draft[]): void => {
  if (failed.length > 0) throw new RowsRefused(failed.flatMap((draft) => findingsOf(draft, undefined)))
}

function placeOf(catalog: Catalog, name: string): [ObjectDef | undefined, string] {
  const dot = name.indexOf('.')
  return [catalog.object(name.slice(0, dot)), name.slice(dot + 1)]
}

async function deploy(
  run: Run,
  changes: readonly RowChange[],
  restored: ReadonlySet<string>,
): Promise<Pick<RowsDeployed, 'steps' | 'undo'>> {
  const stored = await readStoredRows(run.tx, run.catalog)
  const targets = targetsOf(run, changes, stored)
  const gone = new Set(targets.flatMap((t) => (t.change.document ? [] : [t.id])))
  const ids = new Map(stored.filter((s) => !gone.has(s.id)).map((s) => [rowName(s.object, s.key), s.id]))
  for (const target of targets) if (target.change.document) ids.set(target.change.document.name, target.id)
  const drafted = targets.flatMap((target) => draftRow(run, target, ids))
  const findings = [...drafted, ...targets.flatMap((target) => draftLists(run, target, ids))]
  if (findings.length > 0) throw new RowsRefused(findings)
  const byId = new Map(targets.map((target) => [target.id, target]))
  await save(run, (failed) => {
    if (failed.length > 0) throw new RowsRefused(failed.flatMap((d) => findingsOf(d, byId.get(d.id))))
  })
  const keys = new Map(stored.map((s) => [s.id, s.key]))
  const done = targets.map((target) => outcomeOf(run, target, restored.has(target.id), (id) => keys.get(id)))
  return { steps: done.flatMap((d) => d.step ?? []), undo: done.flatMap((d) => d.undo ?? []) }
}

/** The rows that the changes are about, those that others refer to first. */
function targetsOf(run: Run, changes: readonly RowChange[], stored: readonly StoredRow[]): RowTarget[] {
  const known = new Map(stored.map((s) => [rowName(s.object, s.key).toLowerCase(), s]))
  const findings: Finding[] = []
  const targets = changes.flatMap((change): RowTarget[] => {
    const [object] = placeOf(run.catalog, change.document?.name ?? change.name)
    if (!object || !isDeployable(object)) {
      findings.push(noObject(run.catalog, change))
      return []
    }
    const row =
      known.get((change.renameFrom ?? change.document?.name ?? change.name).toLowerCase()) ?? sameName(change, stored)
    if (!row && (change.renameFrom !== undefined || !change.document)) {
      if (change.renameFrom !== undefined) findings.push(noRow(change, change.renameFrom))
      return []
    }
    return [{ change, object, row, id: row?.id ?? run.newId(object) }]
  })
  for (const [i, { id, change }] of targets.entries())
    if (targets.findIndex((other) => other.id === id) < i) findings.push(twice(change))
  if (findings.length > 0) throw new RowsRefused(findings)
  const order = [...run.catalog.objects.values()]
  const rank = ({ object, change }: RowTarget): number =>
    (object.fields.some((f) => f.reference && f.origin === 'declared' && !f.reference.to.includes(object.name))
      ? 2
      : 0) + (Object.values(change.document?.values ?? {}).some((v) => targetsNamed(changes, object, v)) ? 1 : 0)
  return targets.sort((a, b) => rank(a) - rank(b) || order.indexOf(a.object) - order.indexOf(b.object))
}

const targetsNamed = (changes: readonly RowChange[], object: ObjectDef, value: unknown): boolean =>
  typeof value === 'string' && changes.some((c) => c.document?.name === rowName(object, value))

/** A row made by hand, without API name, is taken over by the document that has its name, or, where names are not unique, all its values. */
function sameName({ document, renameFrom }: RowChange, stored: readonly StoredRow[]): StoredRow | undefined {
  if (!document || renameFrom !== undefined) return undefined
  return stored.find(
    ({ object, row }) =>
      !row[ROW_KEY] &&
      document.name.startsWith(`${object.name}.`) &&
      (object.nameField.unique ? [object.nameField.name] : Object.keys(document.values)).every((name) =>
        sameValue(row[name] ?? null, document.values[name] ?? null),
      ),
  )
}

function noObject(catalog: Catalog, { name, document }: RowChange): Finding {
  const can = [...catalog.objects.values()].filter(isDeployable).map((o) => o.name)
  return {
    code: 'NOT_DEPLOYABLE',
    severity: 'error',
    file: documentPath('Row', document?.name ?? name),
    path: 'name',
    message: `${(document?.name ?? name).split('.')[0]} has no rows that can be deployed.`,
    hint: `Name a row of ${can.join(', ')}, such as ${can[0]}.My_Row.`,
  }
}

const twice = ({ name, document }: RowChange): Finding => ({
  code: 'CHANGED_TWICE',
  severity: 'error',
  file: documentPath('Row', document?.name ?? name),
  path: 'name',
  message: `${document?.name ?? name} is changed twice in one plan.`,
  hint: 'Say all of it in one document.',
})

const noRow = ({ name, document }: RowChange, from: string): Finding => ({
  code: 'NOTHING_TO_RENAME',
  severity: 'error',
  file: documentPath('Row', document?.name ?? name),
  path: 'name',
  message: `There is no row ${from} to rename.`,
  hint: 'Leave `renameFrom` out to add a new one.',
})

function findingsOf(draft: Draft, target: RowTarget | undefined): Finding[] {
  const name = target?.change.document?.name ?? target?.change.name
  return draft.errors.map((error) => ({
    code: error.code,
    severity: 'error',
    message: error.message,
    ...(name ? { file: documentPath('Row', name) } : {}),
    ...(error.field ? { path: error.field === ROW_KEY ? 'name' : `values.${error.field}` } : {}),
  }))
}

interface Outcome {
  readonly step?: RowStep
  readonly undo?: RowChange
}

/** What was done to a row in words, and what takes it back; nothing when it was so already. */
function outcomeOf(
  run: Run,
  { change, object, row, id, lists }: RowTarget,
  restored: boolean,
  keyOf: (id: string) => string | undefined,
): Outcome {
  const draft = run.draftById.get(id)
  const { document, renameFrom } = change
  const name = document?.name ?? change.name
  const label = `the ${object.label} ${name.slice(object.name.length + 1)}`
  const step = (action: RowStep['action'], text: string, keys?: readonly string[]): RowStep => ({
    action, kind: 'Row', id, name, text, ...(keys ? { keys } : {}),
  }) // prettier-ignore
  if (!document)
    return {
      step: step('deleteRow', `Delete ${label}; it stays in the recycle bin for 15 days.`),
      undo: { kind: 'Row', name, document: { kind: 'Row', name, values: valuesOf(run.catalog, row!, keyOf) } },
    }
  const removal: RowChange = { kind: 'Row', name, document: null }
  if (!row) return { step: step('addRow', `Add ${label}.`), undo: removal }
  const keys = [...Object.keys(document.values).filter((key) => draft && changed(draft, key)), ...(lists ?? [])]
  if (restored) return { step: step('restoreRow', `Bring back ${label}.`, keys), undo: removal }
  const renamed = renameFrom !== undefined && renameFrom !== name
  if (keys.length === 0 && !(draft && changed(draft, ROW_KEY))) return {}
  const old = renamed ? renameFrom : name
  const values = valuesOf(run.catalog, row, keyOf, keys)
  return {
    step: renamed
      ? step('renameRow', `Rename ${label}, which was ${renameFrom.slice(object.name.length + 1)}${keys.length ? `, and change ${keys.join(', ')}` : ''}.`, keys)
      : step('changeRow', `Change ${label}: ${keys.join(', ') || 'API name'}.`, keys),
    undo: { kind: 'Row', name: old, document: { kind: 'Row', name: old, values }, ...(renamed ? { renameFrom: name } : {}) },
  } // prettier-ignore
}
