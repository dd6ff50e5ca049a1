import { childrenOf, ownPaths, readRows } from '#records'
import type { Children } from '#records'
import { addDraft, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'
import { automationActor } from '../actor.ts'

/** A delete takes its master-detail children along, empties lookups or is refused by them, as each field's delete rule says; an undelete brings back what went with it. */
export async function cascadeDeletes(run: Run): Promise<void> {
  for (let i = 0; i < run.drafts.length; i++) {
    const draft = run.drafts[i]!
    if (draft.errors.length > 0 || (draft.operation !== 'delete' && draft.operation !== 'undelete')) continue
    for (const children of await childrenOf(run.tx, run.catalog, draft.object, [draft.id]))
      if (draft.operation === 'delete') await cascade(run, draft, children)
      else await cascadeBack(run, draft, children)
  }
}

const ruleOf = ({ field }: Children) => (field.reference!.masterDetail ? 'Cascade' : field.reference!.onDelete)

async function cascade(run: Run, draft: Draft, children: Children): Promise<void> {
  const { object, field } = children
  const ids = children.rows
    .filter((row) => !row.deleted && run.draftById.get(row.id)?.operation !== 'delete')
    .map((row) => row.id)
  if (ids.length === 0) return
  const rule = ruleOf(children)
  if (rule === 'Restrict') {
    const names =
      ids.length === 1 ? `1 ${object.label} still refers` : `${ids.length} ${object.pluralLabel} still refer`
    fail(draft, 'RESTRICTED', `${names} to it (${field.label}). Delete or re-assign them first.`)
  } else await addChildren(run, children, ids, rule === 'Cascade' ? 'delete' : 'update')
}

async function addChildren(
  run: Run,
  { object, field }: Children,
  ids: readonly string[],
  operation: 'delete' | 'update',
): Promise<void> {
  for (const [id, before] of await readRows(run.tx, run.catalog, object, ids, ownPaths(object), { lock: true })) {
    const known = run.draftById.get(id)
    if (known && operation === 'update') known.changes[field.name] = null
    if (known) continue
    const changes = operation === 'update' ? { [field.name]: null } : {}
    addDraft(run, { object, operation, id, before, changes, actor: automationActor('delete rule'), index: -1 })
  }
}

/** Details that were deleted in the same save as their master: they carry the same stamp. */
async function cascadeBack(run: Run, draft: Draft, children: Children): Promise<void> {
  if (ruleOf(children) !== 'Cascade') return
  const { object } = children
  const ids = children.rows.filter((row) => row.deleted && !run.draftById.has(row.id)).map((row) => row.id)
  for (const [id, before] of await readRows(run.tx, run.catalog, object, ids, ownPaths(object), { lock: true }))
    if (before.LastModifiedDate === draft.before?.LastModifiedDate)
      addDraft(run, {
        object,
        operation: 'undelete',
        id,
        before,
        changes: {},
        actor: automationActor('undelete'),
        index: -1,
      })
}
