import { readRows } from '#records'
import { keyPrefixOf, pushTo } from '#util'
import type { Catalog, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { settingOf } from '../set-up/custom-settings.ts'
import { after } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/**
 * Reads what formulas need of parents, for records that may not be written yet: the first hop is taken from the draft's own reference,
 * the rest is one read for each parent object, hop by hop where this save changes what lies on the way. Paths: `Account.Tier__c`,
 * `Owner:User.Email`, `Parent:Case.Contact.Email`, `$User.X`, `$Setup.Settings__c.X`.
 */
export async function hydrate(
  run: Run,
  drafts: readonly Draft[],
  pathsOf: (draft: Draft) => readonly string[],
): Promise<void> {
  const reads: Reads = new Map()
  const settings: { draft: Draft; path: string }[] = []
  for (const draft of drafts) {
    const into = (draft.parents = Object.create(null) as Row)
    const row = after(draft)
    for (const path of pathsOf(draft)) {
      const isSetting = path.startsWith('$Setup.')
      if (isSetting) settings.push({ draft, path })
      const read = isSetting ? PROFILE : path
      const [hop, rest] = split(read)
      if (rest !== undefined) addRead(run, reads, referred(run, draft, row, hop), hop, { into, path: read, rest })
    }
  }
  await readParents(run, reads, new Set(run.drafts.map((d) => d.object.name)))
  for (const { draft, path } of settings) setSetting(run, draft, path)
}

/** Settings may be the profile's. */
const PROFILE = '$User.ProfileId'

function setSetting(run: Run, draft: Draft, path: string): void {
  const readers = [draft.actor.userId, draft.parents[PROFILE] ?? null, run.setUp.organizationId] as const
  Object.assign(draft.parents, { [path]: settingOf(run.setUp.settings, path, readers) })
}

/** What a path's rest is to be read for. */
interface Use {
  readonly into: { [path: string]: Value }
  readonly path: string
  readonly rest: string
}

/** By object and id. */
type Reads = Map<ObjectDef, Map<string, Use[]>>

function split(path: string): [hop: string, rest: string | undefined] {
  const dot = path.indexOf('.')
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)]
}

function referred(run: Run, draft: Draft, row: Row, hop: string): Value {
  if (hop === '$User') return draft.actor.userId
  return hop === '$Organization' ? run.setUp.organizationId : parentId(draft.object, row, hop)
}

function parentId(object: ObjectDef, row: Row, hop: string): Value {
  const field = object.parent(hop.split(':')[0]!)
  return field ? (row[field.name] ?? null) : null
}

function addRead(run: Run, reads: Reads, id: Value, hop: string, use: Use): void {
  const object = typeof id === 'string' ? run.catalog.objectByKeyPrefix(keyPrefixOf(id)) : undefined
  if (!object || (hop.includes(':') && object.name !== hop.split(':')[1])) return
  const byId = reads.get(object) ?? new Map<string, Use[]>()
  reads.set(object, byId)
  pushTo(byId, id as string, use)
}

async function readParents(run: Run, reads: Reads, drafted: ReadonlySet<string>): Promise<void> {
  const deeper: Reads = new Map()
  for (const [object, uses] of reads) {
    const rests = [...new Set([...uses.values()].flat().map((use) => use.rest))]
    const stepwise = new Set(rests.filter((rest) => passes(run.catalog, object, rest, drafted)))
    const paths = rests.map((rest) => (stepwise.has(rest) ? object.parent(split(rest)[0].split(':')[0]!)!.name : rest))
    const rows = await readRows(run.tx, run.catalog, object, [...uses.keys()], [...new Set(paths)])
    for (const [id, list] of uses) {
      const draft = run.draftById.get(id)
      const row = draft ? { ...rows.get(id), ...after(draft) } : rows.get(id)
      for (const { into, path, rest } of row ? list : []) {
        const [hop, further] = split(rest)
        if (stepwise.has(rest)) addRead(run, deeper, parentId(object, row!, hop), hop, { into, path, rest: further! })
        else into[path] = row![rest] ?? null
      }
    }
  }
  if (deeper.size > 0) await readParents(run, deeper, drafted)
}

/** Whether a path over further parents may pass a record that this save changes. */
function passes(catalog: Catalog, object: ObjectDef, path: string, drafted: ReadonlySet<string>): boolean {
  const [hop, rest] = split(path)
  if (rest === undefined) return false
  const [name, type] = hop.split(':')
  const to = type === undefined ? (object.parent(name!)?.reference?.to ?? []) : [type]
  return to.some(
    (next) => drafted.has(next) || (catalog.object(next) && passes(catalog, catalog.object(next)!, rest, drafted)),
  )
}
