import { compile, type CompiledFormula } from '#formula'
import type { Catalog, FieldDef, ObjectDef } from './catalog.ts'
import { formulaScope } from './formula-scope.ts'

/** A roll-up field, and what it is counted from. */
export interface Rollup {
  readonly parent: ObjectDef
  readonly field: FieldDef
  readonly child: ObjectDef
  /** The child's reference to the parent. */
  readonly through: FieldDef
  /** What is summed; absent for a count. */
  readonly source?: FieldDef
  /** Which children count; absent: all. */
  readonly filter?: CompiledFormula
  /** The child's own fields that the number depends on. */
  readonly reads: ReadonlySet<FieldDef>
}

const cache = new WeakMap<Catalog, readonly Rollup[]>()

/** Every roll-up of a catalog, each behind those that it is counted from. */
export function rollupsOf(catalog: Catalog): readonly Rollup[] {
  const known = cache.get(catalog)
  if (known) return known
  const made = inOrder(
    [...catalog.objects.values()].flatMap((parent) =>
      parent.fields.flatMap((field) => rollupOf(catalog, parent, field) ?? []),
    ),
  )
  cache.set(catalog, made)
  return made
}

function rollupOf(catalog: Catalog, parent: ObjectDef, field: FieldDef): Rollup | undefined {
  const child = field.rollup && catalog.object(field.rollup.object)
  const through = child?.field(field.rollup!.through)
  if (!child || !through) return undefined
  const source = child.field(field.rollup!.field ?? '')
  const filter = field.rollup!.filter === undefined ? undefined : filterOf(catalog, child, field.rollup!.filter)
  const filtered = filter?.paths.flatMap((path) => child.field(path) ?? []) ?? []
  return { parent, field, child, through, source, filter, reads: new Set([through, ...filtered, ...(source ? [source] : [])]) } // prettier-ignore
}

const filterOf = (catalog: Catalog, child: ObjectDef, filter: string): CompiledFormula | undefined =>
  compile(filter, { scope: formulaScope(catalog, child.name), returnType: 'Boolean' }).formula

/** Roll-ups that this one is counted from. */
export const countedFrom = (rollup: Rollup, all: readonly Rollup[]): Rollup[] =>
  all.filter(({ field }) => rollup.reads.has(field))

/** A ring, which no change may make, ends where it began. */
function inOrder(rollups: readonly Rollup[]): readonly Rollup[] {
  const ordered = new Set<Rollup>()
  const seen = new Set<Rollup>()
  const visit = (rollup: Rollup): void => {
    if (seen.has(rollup)) return
    seen.add(rollup)
    for (const below of countedFrom(rollup, rollups)) visit(below)
    ordered.add(rollup)
  }
  for (const rollup of rollups) visit(rollup)
  return [...ordered]
}
