import { entitlementLookup } from '#metadata'
import { readRows } from '#records'
import type { CompiledProcess, State } from '#process'
import type { Row, Value } from '#util'
import { evaluationContext } from '../save/formula-context.ts'
import { prefetchFor } from '../save/prefetch.ts'
import { changed, fieldAfter } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { childIds, idsBy } from '../rows.ts'
import { organisationZone } from './context.ts'
import { registryOf } from './registry.ts'
import type { AutoApply } from './registry.ts'

/**
 * Which version governs a record (SPEC 4.1): its entitlement's process, at the version the record is pinned to, else the default active one;
 * without entitlement, the process an auto-apply rule gave. Undefined: none.
 */
export async function chooseVersion(
  run: Run,
  draft: Draft,
  state: State | undefined,
): Promise<CompiledProcess | undefined> {
  const registry = registryOf(run.catalog)
  const migration = run.migrations.get(draft.id)
  if (migration) return migration.to === null ? undefined : registry.version(migration.to)
  const pinned = state?.process ? registry.version(state.process) : undefined
  if (needsRule(draft, pinned)) {
    const given = await applyRules(run, draft)
    if (given !== undefined) return versionFor(run, draft, given, pinned)
  }
  const entitled = entitledProcess(draft)
  if (entitled !== undefined) return versionFor(run, draft, entitled, pinned)
  return keepsWithoutEntitlement(draft) ? pinned : undefined
}

/** A process applied straight to the object stays while no entitlement comes or goes. */
const keepsWithoutEntitlement = (draft: Draft): boolean =>
  !fieldAfter(draft, 'EntitlementId') && !changed(draft, 'EntitlementId')

/** Rules are asked while there is neither entitlement nor process, and when the entitlement is taken away. */
const needsRule = (draft: Draft, pinned: CompiledProcess | undefined): boolean =>
  !fieldAfter(draft, 'EntitlementId') && (!pinned || changed(draft, 'EntitlementId'))

function entitledProcess(draft: Draft): string | undefined {
  const name = fieldAfter(draft, 'EntitlementId') ? draft.parents['Entitlement.EntitlementProcess'] : undefined
  return typeof name === 'string' ? name : undefined
}

function versionFor(
  run: Run,
  draft: Draft,
  process: string,
  pinned: CompiledProcess | undefined,
): CompiledProcess | undefined {
  const version = pinned?.process === process ? pinned : registryOf(run.catalog).defaultVersion(process)
  return version?.document.object === draft.object.name ? version : undefined
}

/** The process of the first rule that holds and finds something to apply; an entitlement it picks is put on the record. */
async function applyRules(run: Run, draft: Draft): Promise<string | undefined> {
  for (const auto of registryOf(run.catalog).autoApply(draft.object.name)) {
    if (auto.when) await prefetchFor(run, [{ draft, formula: auto.when }])
    if (!holds(run, draft, auto)) continue
    const { apply } = auto.rule
    if ('process' in apply) return apply.process
    const entitlement =
      'entitlement' in apply
        ? await entitlementNamed(run, apply.entitlement)
        : await entitlementOf(run, draft, apply.entitlementFrom)
    if (!entitlement) continue
    draft.changes.EntitlementId = entitlement.Id!
    Object.assign(draft.parents, {
      'Entitlement.EntitlementProcess': entitlement.EntitlementProcess,
      'Entitlement.BusinessHoursId': entitlement.BusinessHoursId,
    })
    return typeof entitlement.EntitlementProcess === 'string' ? entitlement.EntitlementProcess : undefined
  }
  return undefined
}

function holds(run: Run, draft: Draft, auto: AutoApply): boolean {
  if (auto.rule.active === false) return false
  if (!auto.when) return auto.rule.when === 'always'
  const result = auto.when.evaluate(evaluationContext(run, draft))
  return result.ok && result.value === true
}

const PATHS = ['Id', 'EntitlementProcess', 'BusinessHoursId', 'EndDate']

async function entitlementNamed(run: Run, name: string): Promise<Row | undefined> {
  const object = run.catalog.objects.get('Entitlement')!
  const id = (await idsBy(run.tx, object, object.field('Name')!, [name])).get(name)
  return id ? (await readRows(run.tx, run.catalog, object, [id], PATHS)).get(id) : undefined
}

type Source = Parameters<typeof entitlementLookup>[1]

/** The field of Entitlement that points there; of a contact EntitlementContact tells. */
const POINTS = { asset: 'AssetId', contractLine: 'ContractLineItemId', account: 'AccountId' } as const

async function entitlementOf(run: Run, draft: Draft, from: readonly Source[]): Promise<Row | undefined> {
  for (const source of from) {
    const lookup = entitlementLookup(draft.object, source)
    const id = lookup && fieldAfter(draft, lookup.name)
    if (typeof id !== 'string') continue
    const ids = source === 'contact' ? await ofContact(run, id) : await pointingThere(run, POINTS[source], id)
    const active = await activeOnes(run, draft, ids)
    if (active[0]) return active[0]
  }
  return undefined
}

async function pointingThere(run: Run, field: string, id: string): Promise<string[]> {
  const object = run.catalog.objects.get('Entitlement')!
  return childIds(run.tx, object, object.field(field)!, [id])
}

async function ofContact(run: Run, id: string): Promise<string[]> {
  const object = run.catalog.objects.get('EntitlementContact')!
  const links = await childIds(run.tx, object, object.field('ContactId')!, [id])
  const rows = await readRows(run.tx, run.catalog, object, links, ['Id', 'EntitlementId'])
  return [...rows.values()].map((row) => String(row.EntitlementId))
}

/** Those with a process for this object whose status is Active, in the account's zone where it has one; the one that ends first before the others, so that time-limited promises are used up first. */
async function activeOnes(run: Run, draft: Draft, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return []
  const object = run.catalog.objects.get('Entitlement')!
  const status = object.field('Status')!.formula!
  const rows = await readRows(run.tx, run.catalog, object, ids, [...PATHS, 'Account.TimeZone', ...status.paths])
  const isActive = (record: Row): boolean => {
    const timeZone = String(record['Account.TimeZone'] ?? organisationZone(run))
    const result = status.evaluate({ record, now: run.now, timeZone })
    return result.ok && result.value === 'Active'
  }
  return [...rows.values()]
    .filter((row) => forObject(run, draft, row.EntitlementProcess) && isActive(row))
    .sort(
      (a, b) =>
        String(a.EndDate ?? '9999').localeCompare(String(b.EndDate ?? '9999')) ||
        (String(a.Id) < String(b.Id) ? -1 : 1),
    )
}

const forObject = ({ catalog }: Run, { object }: Draft, process: Value | undefined): boolean =>
  [...catalog.processes.values()].some((d) => d.process === process && d.object === object.name)
