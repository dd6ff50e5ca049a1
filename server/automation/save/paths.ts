import type { Catalog, ObjectDef } from '#metadata'
import { processPaths } from '../processes/registry.ts'

const cache = new WeakMap<ObjectDef, readonly string[]>()

/** Every path that formulas of a save may read on records of this object; compiled once for a catalog. */
export function pathsOf(catalog: Catalog, object: ObjectDef): readonly string[] {
  const known = cache.get(object)
  if (known) return known
  const formulas = [
    ...object.validationRules.map((r) => r.condition),
    ...object.fields.flatMap((f) => [f.defaultFormula ?? [], f.stampWhen ?? []].flat()),
  ]
  const made = [...new Set([...formulas.flatMap((f) => f.paths), ...processPaths(catalog, object)])]
  cache.set(object, made)
  return made
}
