import { readRows } from '#records'
import { keyPrefixOf, pushTo } from '#util'
import type { ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { after } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/**
 * Reads what formulas need of parents, for records that may not be written yet: the first hop is taken from the draft's own reference,
 * the rest is one read for each parent object. Paths: `Account.Tier__c`, `Owner:User.Email`, `Parent:Case.Contact.Email`, `$User.X`.
 */
export async function hydrate(
  run: Run,
  drafts: readonly Draft[],
  pathsOf: (object: ObjectDef) => readonly string[],
): Promise<void> {
  const reads = new Map<ObjectDef, Map<string, { draft: Draft; hop: string; rest: string }[]>>()
  for (const draft of drafts) {
    draft.parents = Object.create(null) as Row
    const row = after(draft)
    for (const path of pathsOf(draft.object)) addRead(run, draft, row, path, reads)
  }
  for (const [object, uses] of reads) await readParents(run, object, uses)
}

type Reads = Map<ObjectDef, Map<string, { draft: Draft; hop: string; rest: string }[]>>

function addRead(run: Run, draft: Draft, row: Row, path: string, reads: Reads): void {
  const dot = path.indexOf('.')
  if (dot < 0) return
  const hop = path.slice(0, dot)
  const id =
    hop === '$User'
      ? draft.actor.userId
      : hop === '$Organization'
        ? run.setUp.organizationId
        : parentId(draft, row, hop)
  const object = typeof id === 'string' ? run.catalog.objectByKeyPrefix(keyPrefixOf(id)) : undefined
  if (!object || (hop.includes(':') && object.name !== hop.split(':')[1])) return
  const byId = reads.get(object) ?? new Map<string, { draft: Draft; hop: string; rest: string }[]>()
  reads.set(object, byId)
  pushTo(byId, id as string, { draft, hop, rest: path.slice(dot + 1) })
}

function parentId(draft: Draft, row: Row, hop: string): Value {
  const field = draft.object.parent(hop.split(':')[0]!)
  return field ? (row[field.name] ?? null) : null
}

async function readParents(
  run: Run,
  object: ObjectDef,
  uses: Map<string, { draft: Draft; hop: string; rest: string }[]>,
): Promise<void> {
  const paths = [...new Set([...uses.values()].flat().map((use) => use.rest))]
  const rows = await readRows(run.tx, run.catalog, object, [...uses.keys()], paths)
  for (const [id, list] of uses) {
    const draft = run.draftById.get(id)
    const row = draft ? { ...rows.get(id), ...after(draft) } : rows.get(id)
    if (!row) continue
    for (const use of list)
      (use.draft.parents as { [path: string]: Value })[`${use.hop}.${use.rest}`] = row[use.rest] ?? null
  }
}
