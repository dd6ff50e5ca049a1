import { insertRows, markDeleted, undelete, updateRows } from '#records'
import type { RowChange } from '#records'
import { formatInstant } from '#util'
import type { ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { changed } from './draft.ts'
import { numberDrafts } from './numbers.ts'
import type { Draft, Run } from './draft.ts'

/** Columns that the platform maintains: they change neither Version nor LastModifiedDate. */
const isMaintained = (object: ObjectDef, name: string): boolean => {
  const field = object.field(name)
  return field !== undefined && field.origin === 'process' && field.readOnly
}

/** Step 7: one batch for each object and kind of change. */
export async function writeDrafts(run: Run, drafts: readonly Draft[]): Promise<void> {
  for (const [object, list] of groupByObject(drafts)) {
    await insertDrafts(
      run,
      object,
      list.filter((d) => d.operation === 'create'),
    )
    await updateDrafts(
      run,
      object,
      list.filter((d) => d.operation === 'update' || d.operation === 'undelete'),
    )
    const stamps = { LastModifiedDate: formatInstant(run.now), LastModifiedById: run.actor.userId }
    const deleted = list.filter((d) => d.operation === 'delete').map((d) => d.id)
    if (deleted.length) await markDeleted(run.tx, object, deleted, stamps)
    const back = list.filter((d) => d.operation === 'undelete').map((d) => d.id)
    if (back.length) await undelete(run.tx, object, back, stamps)
  }
}

function groupByObject(drafts: readonly Draft[]): Map<ObjectDef, Draft[]> {
  const groups = new Map<ObjectDef, Draft[]>()
  for (const draft of drafts) {
    const list = groups.get(draft.object)
    if (list) list.push(draft)
    else groups.set(draft.object, [draft])
  }
  return groups
}

async function insertDrafts(run: Run, object: ObjectDef, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  for (const field of object.fields.filter((f) => f.type === 'AutoNumber')) await numberDrafts(run.tx, field, drafts)
  await insertRows(run.tx, object, inKeyOrder(object, drafts.map((d) => d.changes))) // prettier-ignore
}

/** By their unique values, whatever the caller's order: two transactions that make the same ones wait for one another instead of deadlocking. */
function inKeyOrder(object: ObjectDef, rows: readonly Row[]): readonly Row[] {
  const keys = object.fields.filter((f) => f.unique && f.name !== 'Id' && f.type !== 'AutoNumber').map((f) => f.name)
  if (rows.length === 1 || keys.length === 0) return rows
  const keyOf = (row: Row): string => JSON.stringify(keys.map((name) => row[name] ?? null))
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row)
}

async function updateDrafts(run: Run, object: ObjectDef, drafts: readonly Draft[]): Promise<void> {
  const changes = drafts.map((draft) => updateOf(run, draft)).filter((change) => change !== undefined)
  if (changes.length) await updateRows(run.tx, object, changes)
}

/** The changed columns of an update, or of what an undelete set off, with Version and LastModified counted on unless only maintained columns moved. */
function updateOf(run: Run, draft: Draft): RowChange | undefined {
  const names = Object.keys(draft.changes).filter((name) => name !== 'Id' && changed(draft, name))
  if (names.length === 0) return undefined
  if (names.some((name) => !isMaintained(draft.object, name))) {
    draft.changes.Version = Number(draft.before?.Version ?? 0) + 1
    draft.changes.LastModifiedDate = formatInstant(run.now)
    draft.changes.LastModifiedById = draft.actor.userId
    names.push('Version', 'LastModifiedDate', 'LastModifiedById')
  }
  const set: { [field: string]: Value } = {}
  for (const name of names) set[name] = draft.changes[name]!
  return { id: draft.id, set }
}
