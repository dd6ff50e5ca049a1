import { childrenOf, ownPaths, readRows } from '#records'
import type { Actor, Children } from '#records'
import type { ObjectDef } from '#metadata'
import type { Row } from '#util'
import { addDraft, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'
import { forgetEmptied, rememberEmptied, takeEmptied } from './emptied.ts'
import { refuseUsed } from './named-rows.ts'
import { checkPermission } from './permission.ts'
import { dropDraft } from './undo.ts'
import { automationActor } from '../actor.ts'

/** A delete takes its master-detail children along, empties lookups or is refused by them, as each field's delete rule says; an undelete brings back what went with it. */
export async function cascadeDeletes(run: Run): Promise<void> {
  // A copy: cascades add drafts and drop some.
  for (const draft of run.drafts.slice()) {
    if (draft.errors.length > 0 || !run.draftById.has(draft.id)) continue
    if (draft.operation !== 'delete' && draft.operation !== 'undelete') continue
    checkPermission(draft)
    draft.admitted = true
    if (draft.errors.length > 0) continue
    if (draft.operation === 'delete') await cascade(run, draft)
    else if (await hasMasters(run, draft)) await cascadeBack(run, draft)
  }
}

const ruleOf = ({ field }: Children) => (field.reference!.masterDetail ? 'Cascade' : field.reference!.onDelete)

/** What a delete takes along, all of it or, when anything below forbids it, nothing: then the delete itself fails. */
async function cascade(run: Run, root: Draft): Promise<void> {
  const taken: Draft[] = []
  const emptied: Emptying[] = []
  for (let i = -1; i < taken.length; i++) {
    const draft = taken[i] ?? root
    for (const children of await childrenOf(run.tx, run.catalog, draft.object, [draft.id])) {
      const rows = children.rows.filter((row) => !row.deleted && run.draftById.get(row.id)?.operation !== 'delete')
      const ids = rows.map((row) => row.id)
      const rule = ruleOf(children)
      if (ids.length === 0) continue
      if (rule === 'Restrict') fail(root, 'RESTRICTED', stillRefers(children, ids.length))
      else if (rule === 'SetNull') emptied.push({ record: draft.id, children, ids })
      else taken.push(...(await drafted(run, children.object, ids, 'delete', {}, root.actor)))
    }
  }
  for (const draft of [root, ...taken]) if (root.errors.length === 0) await refuseUsed(run, root, draft)
  if (root.errors.length > 0) for (const draft of taken) dropDraft(run, draft)
  else await emptyAll(run, [root, ...taken], emptied)
}

interface Emptying {
  readonly record: string
  readonly children: Children
  readonly ids: readonly string[]
}

function stillRefers({ object, field }: Children, count: number): string {
  const names = count === 1 ? `1 ${object.label} still refers` : `${count} ${object.pluralLabel} still refer`
  return `${names} to it (${field.label}). Delete or re-assign them first.`
}

async function emptyAll(run: Run, deleted: readonly Draft[], emptied: readonly Emptying[]): Promise<void> {
  await forgetEmptied(run.tx, deleted.map((d) => d.id)) // prettier-ignore
  for (const one of emptied) await empty(run, one)
}

async function empty(run: Run, { record, children: { object, field }, ids }: Emptying): Promise<void> {
  await rememberEmptied(run.tx, record, field, ids)
  for (const id of ids) {
    const known = run.draftById.get(id)
    if (known && known.operation !== 'delete') known.changes[field.name] = null
  }
  await drafted(run, object, ids, 'update', { [field.name]: null })
}

/** Drafts of those records that nobody drafted yet. */
async function drafted(
  run: Run,
  object: ObjectDef,
  ids: readonly string[],
  operation: 'delete' | 'update' | 'undelete',
  changes: Row,
  behalf?: Actor,
): Promise<Draft[]> {
  const open = ids.filter((id) => !run.draftById.has(id))
  const rows = await readRows(run.tx, run.catalog, object, open, ownPaths(object), { lock: true })
  const actor = automationActor(operation === 'undelete' ? 'undelete' : 'delete rule', behalf)
  return [...rows].map(([id, before]) =>
    addDraft(run, { object, operation, id, before, changes: { ...changes }, actor, index: -1 }),
  )
}

/** A detail comes back only to a master that is there, or comes back too: nobody would see it. */
async function hasMasters(run: Run, draft: Draft): Promise<boolean> {
  for (const { name, reference } of draft.object.fields) {
    const id = draft.before?.[name]
    const master = reference?.masterDetail ? run.catalog.object(reference.to[0]!) : undefined
    if (!master || typeof id !== 'string' || run.draftById.get(id)?.operation === 'undelete') continue
    const row = (await readRows(run.tx, run.catalog, master, [id], ['IsDeleted'])).get(id)
    if (row?.IsDeleted !== false)
      fail(draft, 'MASTER_DELETED', `Its ${master.label} is in the recycle bin. Bring that back: what went with it comes along.`) // prettier-ignore
  }
  return draft.errors.length === 0
}

/** Details that were deleted in the same save as their master come back with it: they carry the same stamp. */
async function cascadeBack(run: Run, root: Draft): Promise<void> {
  const back = [root]
  for (const draft of back)
    for (const children of await childrenOf(run.tx, run.catalog, draft.object, [draft.id])) {
      if (ruleOf(children) !== 'Cascade') continue
      const ids = children.rows.filter((row) => row.deleted).map((row) => row.id)
      for (const child of await drafted(run, children.object, ids, 'undelete', {}, root.actor))
        if (child.before?.LastModifiedDate === root.before?.LastModifiedDate) back.push(child)
        else dropDraft(run, child)
    }
  for (const draft of back) await fillAgain(run, draft)
}

/** Lookups that the delete emptied lead here again, but those that lead elsewhere by now. */
async function fillAgain(run: Run, { id: record }: Draft): Promise<void> {
  for (const [fieldId, children] of await takeEmptied(run.tx, record)) {
    const object = [...run.catalog.objects.values()].find((o) => o.fieldById(fieldId))
    const field = object?.fieldById(fieldId)
    if (!object || !field?.reference) continue
    const made = await drafted(run, object, children, 'update', {})
    for (const id of children) fill(run.draftById.get(id), field.name, record)
    for (const draft of made) if (!(field.name in draft.changes)) dropDraft(run, draft)
  }
}

function fill(draft: Draft | undefined, field: string, record: string): void {
  const isThere = draft?.operation === 'update' && draft.before?.IsDeleted === false
  if (isThere && draft.before[field] === null && !(field in draft.changes)) draft.changes[field] = record
}
