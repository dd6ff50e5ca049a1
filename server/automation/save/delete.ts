import { childrenOf, ownPaths, readRows } from '#records'
import type { Actor, Children } from '#records'
import type { ObjectDef } from '#metadata'
import type { Row } from '#util'
import { namedBy } from '../catalog/named-rows.ts'
import { addDraft, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'
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
    else await cascadeBack(run, draft)
  }
}

const ruleOf = ({ field }: Children) => (field.reference!.masterDetail ? 'Cascade' : field.reference!.onDelete)

/** What a delete takes along, all of it or, when anything below forbids it, nothing: then the delete itself fails. */
async function cascade(run: Run, root: Draft): Promise<void> {
  const taken: Draft[] = []
  const emptied: Emptied[] = []
  for (let i = -1; i < taken.length; i++) {
    const draft = taken[i] ?? root
    for (const children of await childrenOf(run.tx, run.catalog, draft.object, [draft.id])) {
      const rows = children.rows.filter((row) => !row.deleted && run.draftById.get(row.id)?.operation !== 'delete')
      const ids = rows.map((row) => row.id)
      const rule = ruleOf(children)
      if (ids.length === 0) continue
      if (rule === 'Restrict') fail(root, 'RESTRICTED', stillRefers(children, ids.length))
      else if (rule === 'SetNull') emptied.push({ children, ids })
      else taken.push(...(await drafted(run, children.object, ids, 'delete', {}, root.actor)))
    }
  }
  for (const draft of [root, ...taken]) if (root.errors.length === 0) refuseNamed(run, root, draft)
  if (root.errors.length > 0) for (const draft of taken) dropDraft(run, draft)
  else for (const one of emptied) await empty(run, one)
}

interface Emptied {
  readonly children: Children
  readonly ids: readonly string[]
}

function stillRefers({ object, field }: Children, count: number): string {
  const names = count === 1 ? `1 ${object.label} still refers` : `${count} ${object.pluralLabel} still refer`
  return `${names} to it (${field.label}). Delete or re-assign them first.`
}

/** Set-up that documents name by its name: nothing would hold them together any more. */
function refuseNamed(run: Run, root: Draft, draft: Draft): void {
  const users = namedBy(run.catalog, draft.object.name, draft.before ?? {})
  if (users.length > 0) fail(root, 'RESTRICTED', `It is used by ${users.join(', ')}. Change them first.`)
}

async function empty(run: Run, { children: { object, field }, ids }: Emptied): Promise<void> {
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
}
