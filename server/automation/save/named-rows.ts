import { childrenOf } from '#records'
import { placeholders, quote } from '#database'
import { namedBy } from '../catalog/named-rows.ts'
import { documentsNaming, nameKey } from '../catalog/row-names.ts'
import type { RowName } from '../catalog/row-names.ts'
import { recordsInHours } from '../set-up/affected.ts'
import { governsRecords } from '../versions/pinned.ts'
import { changed, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/**
 * Step 5: a row that processes and actions name stays there and stays active; a name that they can't follow stays, too.
 * A user may be deactivated all the same, because who must not come in any more must not come in now; what names them fails with that reason.
 */
export async function checkNamedRows(run: Run, drafts: readonly Draft[]): Promise<void> {
  for (const draft of drafts) {
    if (draft.operation !== 'update' || draft.errors.length > 0) continue
    const off = draft.changes.IsActive === false && changed(draft, 'IsActive') && draft.object.name !== 'User'
    if (off) await refuseInactive(run, draft)
    if (draft.object.name === 'Milestone' && changed(draft, 'Name')) await refuseLogged(run, draft)
  }
}

/** Of what is deleted with `root`. Nothing would hold it and what names it together any more. */
export async function refuseUsed(run: Run, root: Draft, draft: Draft): Promise<void> {
  const users = await namedBy(run.tx, run.catalog, draft.object.name, draft.before ?? {})
  if (users.length > 0) fail(root, 'RESTRICTED', usedBy(users))
}

const usedBy = (users: readonly string[]): string => `It is used by ${users.join(', ')}. Change them first.`

async function refuseInactive(run: Run, draft: Draft): Promise<void> {
  const users = [
    ...(await namedBy(run.tx, run.catalog, draft.object.name, draft.before ?? {}, { used: true })),
    ...(draft.object.name === 'BusinessHours' ? await usersOfHours(run, draft) : []),
  ]
  if (users.length > 0) fail(draft, 'RESTRICTED', usedBy(users), 'IsActive')
}

/** Records whose milestones run in these hours, and set-up that hands them on to records. */
async function usersOfHours(run: Run, { object, id }: Draft): Promise<string[]> {
  const running = (await recordsInHours(run.tx, run.catalog, [id])).length
  const referring = (await childrenOf(run.tx, run.catalog, object, [id])).flatMap(({ object: child, rows }) => {
    const n = rows.filter((row) => !row.deleted && run.draftById.get(row.id)?.operation !== 'delete').length
    const handsOn = !child.platform && !child.enableProcesses && child.name !== 'BusinessHoursHoliday'
    return handsOn && n > 0 ? [`${n} ${n === 1 ? child.label : child.pluralLabel}`] : []
  })
  return [...(running > 0 ? [`${running === 1 ? 'a record' : `${running} records`} in flight`] : []), ...referring]
}

/** States and logs call milestones by their name, and what has been logged never changes. */
async function refuseLogged(run: Run, draft: Draft): Promise<void> {
  const users = await namedBy(run.tx, run.catalog, 'Milestone', draft.before ?? {}, { used: true })
  const logged = (await hasMilestones(run, draft.id)) || (await isGoverning(run, String(draft.before?.Name)))
  if (!logged) return
  const versions = users.length > 0 ? `a new version of ${users.join(', ')}` : 'a new version of its process'
  const message = `The log of records has this name, and never changes. Make another milestone, and name it in ${versions}.`
  fail(draft, 'RESTRICTED', message, 'Name')
}

async function hasMilestones({ tx, catalog }: Run, milestone: string): Promise<boolean> {
  const object = catalog.objects.get('RecordMilestone')!
  const sql = `SELECT 1 FROM ${quote(object.table)} WHERE ${quote(object.field('MilestoneId')!.column!)} = ${placeholders(tx.dialect, 1)} LIMIT 1`
  return (await tx.get(sql, [milestone])) !== undefined
}

async function isGoverning({ tx, catalog }: Run, milestone: string): Promise<boolean> {
  for (const { name, milestones } of catalog.processes.values())
    if (milestones.some((item) => item.milestone === milestone) && (await governsRecords(tx, name))) return true
  return false
}

/** A row that documents name, by its old name, and its new one. */
export interface RowRename extends RowName {
  readonly to: string
}

/** Named rows that this save gives other names. */
export function renamedRows({ catalog, drafts }: Run): RowRename[] {
  return drafts
    .filter((draft) => draft.operation === 'update' && draft.errors.length === 0)
    .flatMap((draft) =>
      ['Name', 'Username'].flatMap((field) => {
        const name = { object: draft.object.name, field, key: String(draft.before?.[field]) }
        const isNamed = changed(draft, field) && documentsNaming(catalog).has(nameKey(name))
        return isNamed ? [{ ...name, to: String(draft.changes[field]) }] : []
      }),
    )
}
