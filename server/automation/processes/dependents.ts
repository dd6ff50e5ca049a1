import type { CompiledProcess } from '#process'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import { enqueue } from '../journal/store.ts'
import { childIds } from '../rows.ts'
import { changed } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { registryOf } from './registry.ts'
import { readStates } from './store.ts'

/** A field that processes of `object` read over lookups: from the object that holds it, back along `chain` to the tracked record. */
interface Dependency {
  readonly holder: string
  readonly field: string
  /** Reference fields from the holder's side to the record's: each with the object it is on. */
  readonly chain: readonly { readonly object: ObjectDef; readonly field: FieldDef }[]
}

const cache = new WeakMap<Catalog, readonly Dependency[]>()

/** Ids of tracked records whose processes read what these drafts change, found by the index of each lookup on the way. */
export async function dependents(run: Run, drafts: readonly Draft[]): Promise<string[]> {
  const found = new Set<string>()
  for (const dependency of dependenciesOf(run.catalog)) {
    const sources = drafts
      .filter((d) => d.operation === 'update' && d.object.name === dependency.holder && changed(d, dependency.field))
      .map((d) => d.id)
    if (sources.length === 0) continue
    for (const id of await followBack(run, dependency, sources)) found.add(id)
  }
  if (found.size <= AT_ONCE) return withProcess(run, [...found])
  await enqueue(run.tx, run.now, 'lookup', { records: [...found].sort(), what: whatChanged(drafts) })
  return []
}

/** More than these are worked off from the journal, so that the save that caused it is not held up. */
const AT_ONCE = 200

const whatChanged = (drafts: readonly Draft[]): string =>
  [...new Set(drafts.map((d) => d.object.label))].slice(0, 3).join(', ')

async function followBack(run: Run, dependency: Dependency, sources: readonly string[]): Promise<string[]> {
  let ids = [...sources]
  for (const { object, field } of dependency.chain) ids = ids.length ? await childIds(run.tx, object, field, ids) : []
  return ids
}

/** Only records that a process governs. */
async function withProcess(run: Run, ids: readonly string[]): Promise<string[]> {
  const states = await readStates(
    run.tx,
    ids.filter((id) => !run.work.has(id)),
  )
  return ids.filter((id) => (run.work.get(id)?.state ?? states.get(id)?.state)?.process)
}

function dependenciesOf(catalog: Catalog): readonly Dependency[] {
  const known = cache.get(catalog)
  if (known) return known
  const seen = new Map<string, Dependency>()
  for (const process of registryOf(catalog).all)
    for (const path of [...process.paths, ...ENTITLED]) {
      const dependency = dependencyOf(catalog, process, path)
      for (const one of dependency) seen.set(`${process.document.object} ${path} ${one.holder}.${one.field}`, one)
    }
  const made = [...seen.values()]
  cache.set(catalog, made)
  return made
}

/** Which process, and in which hours, an entitlement gives. */
const ENTITLED = ['Entitlement.EntitlementProcess', 'Entitlement.BusinessHoursId']

/** `Account.Parent.Tier__c` depends on Account.ParentId and on the parent's Tier__c; the record's own AccountId is its own change. */
function dependencyOf(catalog: Catalog, process: CompiledProcess, path: string): Dependency[] {
  const segments = path.split('.')
  const found: Dependency[] = []
  let object = catalog.object(process.document.object)
  let chain: Dependency['chain'] = []
  for (const [i, segment] of segments.entries()) {
    if (!object || segment.startsWith('$')) return []
    const last = i === segments.length - 1
    const field: FieldDef | undefined = last ? object.field(segment) : object.parent(segment.split(':')[0]!)
    if (!field) return []
    if (i > 0) found.push({ holder: object.name, field: field.name, chain })
    chain = [{ object, field }, ...chain]
    object = last ? undefined : catalog.object(segment.split(':')[1] ?? field.reference?.to[0] ?? '')
  }
  return found
}
