import type { Catalog } from '#metadata'
import type { CompiledProcess } from '#process'
import { changed } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { inVersions } from '../set-up/affected.ts'
import { registryOf } from './registry.ts'

/** A process that searches other records with VLOOKUP, and the fields it names there: `$ObjectType.Rate__c.Fields.Name`. */
interface Searching {
  readonly process: CompiledProcess
  readonly names: readonly { readonly object: string; readonly field: string }[]
}

const cache = new WeakMap<Catalog, readonly Searching[]>()

function searchingOf(catalog: Catalog): readonly Searching[] {
  const known = cache.get(catalog)
  if (known) return known
  const made = registryOf(catalog).all.flatMap((process): Searching[] => {
    const paths = process.paths.filter((path) => path.startsWith('$ObjectType.')).map((path) => path.split('.'))
    return paths.length > 0
      ? [{ process, names: paths.map(([, object = '', , field = '']) => ({ object, field })) }]
      : []
  })
  cache.set(catalog, made)
  return made
}

/** Every record of the processes that search what these drafts change; which of them found it nobody knows. */
export async function searchers(run: Run, drafts: readonly Draft[]): Promise<string[]> {
  const touched = searchingOf(run.catalog).filter(({ names }) => names.some((name) => drafts.some((d) => touches(d, name)))) // prettier-ignore
  return touched.length > 0 ? inVersions(run.tx, touched.map(({ process }) => process)) : [] // prettier-ignore
}

const touches = (draft: Draft, { object, field }: Searching['names'][number]): boolean =>
  draft.object.name === object && (draft.operation !== 'update' || changed(draft, field))
