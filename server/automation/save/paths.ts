import type { CompiledFormula } from '#formula'
import type { Catalog, ObjectDef } from '#metadata'
import { processPaths } from '../processes/registry.ts'
import type { Draft } from './draft.ts'

interface Paths {
  readonly new: readonly string[]
  readonly any: readonly string[]
}

const cache = new WeakMap<ObjectDef, Paths>()

/** Every path that the formulas of this save may read; worked out once for a catalog. */
export function pathsOf(catalog: Catalog, { object, operation }: Draft): readonly string[] {
  const paths = cache.get(object) ?? readPaths(catalog, object)
  cache.set(object, paths)
  return operation === 'create' ? paths.new : paths.any
}

function readPaths(catalog: Catalog, object: ObjectDef): Paths {
  const formulas = [
    ...object.validationRules.map((r) => r.condition),
    ...object.fields.flatMap((f) => [f.defaultFormula ?? [], f.stampWhen ?? []].flat()),
  ]
  const withThose = (read: (formula: CompiledFormula) => readonly string[]): string[] => [
    ...new Set([...formulas.flatMap(read), ...processPaths(catalog, object)]),
  ]
  return { new: withThose((f) => f.pathsWhenNew), any: withThose((f) => f.paths) }
}
