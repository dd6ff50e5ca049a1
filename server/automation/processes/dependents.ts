import type { Transaction } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Counted } from '#records'
import { governed } from '../journal/governed.ts'
import { enqueue } from '../journal/store.ts'
import { childIds } from '../rows.ts'
import { changed } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { registryOf } from './registry.ts'
import { searchers } from './searched.ts'
import { readStates } from './store.ts'

/** A field that processes read over lookups, or a roll-up of the record's own: from the object that holds it, back along `chain` to the tracked record. */
interface Dependency {
  readonly holder: ObjectDef
  readonly field: FieldDef
  /**
   * Which of the records found are looked at: `now` those that a process governs, `attach` also those that it does not govern yet. Those that read
   * a roll-up are looked at later, from the journal: it is counted by the database when everything else is written.
   */
  readonly when: 'now' | 'attach'
  /** Reference fields from the holder's side to the record's: each with the object it is on. */
  readonly chain: readonly { readonly object: ObjectDef; readonly field: FieldDef }[]
}

const cache = new WeakMap<Catalog, readonly Dependency[]>()

/** Ids of tracked records whose processes read what these drafts change, found by the index of each lookup on the way. */
export async function dependents(run: Run, drafts: readonly Draft[]): Promise<string[]> {
  const found = { now: new Set<string>(), attach: new Set<string>() }
  for (const dependency of dependenciesOf(run.catalog)) {
    const ids = sources(dependency, drafts)
    for (const id of await followBack(run.tx, dependency.chain, ids)) found[dependency.when].add(id)
  }
  const what = whatChanged(drafts)
  const queue = (ids: Iterable<string>, more: { readonly attach?: true } = {}): Promise<string[]> =>
    enqueue(run.tx, run.now, 'lookup', { records: [...ids].sort(), what, ...more })
  await queue(await searchers(run, drafts))
  const others = [...found.now].filter((id) => !found.attach.has(id))
  if (others.length + found.attach.size <= AT_ONCE) return [...found.attach, ...(await withProcess(run, others))]
  await queue(others)
  await queue(found.attach, { attach: true })
  return []
}

/** More than these are worked off from the journal, so that the save that caused it is not held up. */
const AT_ONCE = 200

const whatChanged = (drafts: readonly Draft[]): string =>
  [...new Set(drafts.map((d) => d.object.label))].slice(0, 3).join(', ')

/** Records whose processes read these roll-ups are looked at again, from the journal. */
export async function enqueueReaders(
  { tx, now, catalog }: Pick<Run, 'tx' | 'now' | 'catalog'>,
  counted: readonly Counted[],
): Promise<void> {
  for (const { rollup, ids } of counted) {
    const readers = new Set<string>()
    for (const { field, chain } of dependenciesOf(catalog))
      if (field === rollup.field) for (const id of await followBack(tx, chain, ids)) readers.add(id)
    const records = (await governed(tx, [...readers])).sort()
    await enqueue(tx, now, 'lookup', { records, what: rollup.child.label })
  }
}

async function followBack(tx: Transaction, chain: Dependency['chain'], sources: readonly string[]): Promise<string[]> {
  let ids = [...sources]
  for (const { object, field } of chain) ids = ids.length ? await childIds(tx, object, field, ids) : []
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
  const seen = new Map(
    readPaths(catalog).map(([object, path, when]) => [
      `${object} ${path} ${when}`,
      dependencyOf(catalog, object, path, when),
    ]),
  )
  const made = [...seen.values()].flat()
  cache.set(catalog, made)
  return made
}

type Read = readonly [object: string, path: string, when: 'now' | 'attach']

/** What processes read of a record, and what decides which process it gets: that concerns records that have none as well. */
function readPaths(catalog: Catalog): Read[] {
  const registry = registryOf(catalog)
  const ofProcesses = registry.all.flatMap(({ document: { object }, paths }): Read[] => [
    ...paths.map((path): Read => [object, path, 'now']),
    [object, 'Entitlement.EntitlementProcess', 'attach'],
    [object, 'Entitlement.BusinessHoursId', 'now'],
  ])
  const tracked = [...catalog.objects.values()].filter((object) => object.enableProcesses)
  const ofRules = tracked.flatMap(({ name }) =>
    registry.autoApply(name).flatMap(({ when }) => (when?.paths ?? []).map((path): Read => [name, path, 'attach'])),
  )
  return [...ofProcesses, ...ofRules]
}

/** `Account.Parent.Tier__c` depends on Account.ParentId and on the parent's Tier__c; the record's own AccountId is its own change. */
function dependencyOf(catalog: Catalog, tracked: string, path: string, when: Read[2]): Dependency[] {
  const segments = path.split('.')
  const found: Dependency[] = []
  let object = catalog.object(tracked)
  let chain: Dependency['chain'] = []
  for (const [i, segment] of segments.entries()) {
    if (!object || segment.startsWith('$')) return []
    const last = i === segments.length - 1
    const field: FieldDef | undefined = last ? object.field(segment) : object.parent(segment.split(':')[0]!)
    if (!field) return []
    if (field.rollup || i > 0) found.push({ holder: object, field, when, chain })
    chain = [{ object, field }, ...chain]
    object = last ? undefined : catalog.object(segment.split(':')[1] ?? field.reference?.to[0] ?? '')
  }
  return found
}

/** Ids of the holders whose field these drafts change. */
const sources = ({ holder, field }: Dependency, drafts: readonly Draft[]): string[] =>
  field.rollup
    ? []
    : drafts.filter((d) => d.operation === 'update' && d.object === holder && changed(d, field.name)).map((d) => d.id)
