import { fieldsOn } from '#metadata'
import type { Catalog, ObjectDef } from '#metadata'
import { fieldAfter } from './save/draft.ts'
import type { Draft } from './save/draft.ts'

/** Stands for a field that is not there: nobody but those who read everything sees what came from it. */
export const GONE = '?'

/** Ids of the fields that these paths of formulas on an object read, the references on the way among them: what stands beside values that are made of them. */
export const sourceFields = (catalog: Catalog, object: string, paths: Iterable<string>): string[] => [
  ...new Set([...paths].flatMap((path) => fieldsOn(catalog, object, path).map((on) => on?.field.id ?? GONE))),
]

/** Column and value for a row of this object; nothing when it quotes no fields. */
export const withSources = (object: ObjectDef | undefined, ids: readonly string[]): { [field: string]: string[] } =>
  object?.quotes ? { [object.quotes.sources.name]: [...new Set(ids)] } : {}

/** Those that stand beside a record's own texts already: what is made of these texts is made of those fields, too. */
export function ownSources(draft: Draft | undefined): string[] {
  const known = draft?.object.quotes && fieldAfter(draft, draft.object.quotes.sources.name)
  return Array.isArray(known) ? known.map(String) : []
}

/** Whether this field of an object is made of other fields' values. */
export const quotesIn = ({ quotes }: ObjectDef, name: string): boolean =>
  quotes?.fields?.some((field) => field.name === name) ?? false
