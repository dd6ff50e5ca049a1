import { findBy, readRows } from '#records'
import type { EvaluationContext } from '#formula'
import type { FieldDef } from '#metadata'
import type { Value } from '#util'
import { rateOf } from '../set-up/currencies.ts'
import type { Run } from './draft.ts'
import { activeOwners } from './owners.ts'

/**
 * What formulas of a save ask beside their record: VLOOKUP, and whether an id may be an owner's. Evaluation does not wait: an answer that is not here yet is noted as missing and the evaluation fails; then what is missing is
 * read, one statement a field, and the evaluation is done again. Answers hold for the whole save.
 */
interface Lookups {
  /** By the call's arguments. */
  readonly known: Map<string, Value>
  readonly missing: Map<string, readonly Value[]>
  readonly owners: Map<string, boolean>
  readonly missingOwners: Set<string>
}

/** How often one evaluation may find that it needs yet another record: a lookup by the result of a lookup, and so on. */
const MOST_ROUNDS = 10

const kept = new WeakMap<Run, Lookups>()

function lookupsOf(run: Run): Lookups {
  const known = kept.get(run) ?? { known: new Map(), missing: new Map(), owners: new Map(), missingOwners: new Set() }
  kept.set(run, known)
  return known
}

/** What a formula asks of the world outside its record. */
export const lookupIn =
  (run: Run): NonNullable<EvaluationContext['lookup']> =>
  (kind, args) => {
    if (kind === 'CURRENCYRATE') return rateOf(run.setUp.rates, args[0] ?? null)
    if (kind !== 'VLOOKUP') return undefined
    const { known, missing } = lookupsOf(run)
    const key = JSON.stringify(args)
    const answer = known.get(key)
    if (answer === undefined) missing.set(key, args)
    return answer
  }

/** Whether a promise may be this user's or group's; undefined while it has not been looked up. */
export const mayOwnIn =
  (run: Run) =>
  (id: string): boolean | undefined => {
    const { owners, missingOwners } = lookupsOf(run)
    if (!owners.has(id)) missingOwners.add(id)
    return owners.get(id)
  }

/** Looks, and looks again with what was missing, until nothing is. `look` must change nothing. */
export async function withLookups<T>(run: Run, look: () => T): Promise<T> {
  for (let round = 1; ; round++) {
    const seen = look()
    const { known, missing, owners, missingOwners } = lookupsOf(run)
    if (missing.size + missingOwners.size === 0 || round > MOST_ROUNDS) return seen
    const [asked, ids] = [new Map(missing), [...missingOwners]]
    missing.clear()
    missingOwners.clear()
    await answer(run, asked, known)
    const active = await activeOwners(run, promiseOwner(run), ids)
    for (const id of ids) owners.set(id, active.has(id))
  }
}

const promiseOwner = ({ catalog }: Run): FieldDef => catalog.objects.get('RecordMilestone')!.field('PromiseOwnerId')!

async function answer(
  run: Run,
  asked: ReadonlyMap<string, readonly Value[]>,
  known: Map<string, Value>,
): Promise<void> {
  const byFields = Map.groupBy(asked, ([, [give, key]]) => `${String(give)} ${String(key)}`)
  for (const [fields, calls] of byFields) {
    const found = await search(run, fields, calls.map(([, args]) => args[2] ?? null)) // prettier-ignore
    for (const [key, args] of calls) known.set(key, found.get(String(args[2])) ?? null)
  }
}

/** `$ObjectType.Rate__c.Fields.Amount__c $ObjectType.Rate__c.Fields.Name`: the first record of each value, as in Salesforce. */
async function search(run: Run, fields: string, values: readonly Value[]): Promise<Map<string, Value>> {
  const [, objectName = '', , give = '', , , , key = ''] = fields.split(/[. ]/)
  const object = run.catalog.object(objectName)
  const field = object?.field(key)
  const wanted = values.filter((value) => value !== null && value !== '')
  if (!object || !field || wanted.length === 0) return new Map()
  const found = await findBy(run.tx, object, field, wanted)
  const rows = await readRows(run.tx, run.catalog, object, found.map((one) => one.id), [give]) // prettier-ignore
  return new Map(found.toReversed().map(({ id, value }) => [String(value), rows.get(id)?.[give] ?? null]))
}
