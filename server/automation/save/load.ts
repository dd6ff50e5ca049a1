import { ownPaths, readRows } from '#records'
import { keyPrefixOf } from '#util'
import type { ObjectDef } from '#metadata'
import type { Row } from '#util'
import { automationActor } from '../actor.ts'
import { addDraft } from './draft.ts'
import type { Draft, Run } from './draft.ts'

interface Loaded {
  readonly object: ObjectDef
  readonly id: string
  readonly before: Row
}

/**
 * Drafts of records that nobody asked to save, without a change, in the order of the ids: to be looked at again. One read an object; deleted
 * records, and those that are in the run already, are left out.
 */
export async function loadDrafts(run: Run, ids: readonly string[]): Promise<Draft[]> {
  const loaded = await read(
    run,
    ids.filter((id) => !run.draftById.has(id)),
  )
  return ids.flatMap((id) => {
    const found = loaded.get(id)
    if (!found || found.before.IsDeleted === true || run.draftById.has(id)) return []
    return [addDraft(run, { ...found, operation: 'update', changes: {}, actor: automationActor(run.cause), index: -1 })]
  })
}

async function read(run: Run, ids: readonly string[]): Promise<Map<string, Loaded>> {
  const loaded = new Map<string, Loaded>()
  for (const [prefix, part] of Map.groupBy(ids, keyPrefixOf)) {
    const object = run.catalog.objectByKeyPrefix(prefix)
    const rows = object ? await readRows(run.tx, run.catalog, object, part, ownPaths(object), { lock: true }) : []
    for (const [id, before] of rows) loaded.set(id, { object: object!, id, before })
  }
  return loaded
}
