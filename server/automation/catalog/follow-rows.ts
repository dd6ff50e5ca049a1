import { allDocuments } from '#metadata'
import type { Catalog } from '#metadata'
import type { RowRename } from '../save/named-rows.ts'
import { compileOrThrow } from './install.ts'
import { mapRowNames, nameKey } from './row-names.ts'

/** The catalog whose documents call renamed rows by their new names: the same process versions, the same promise. */
export function followRowNames(catalog: Catalog, renames: readonly RowRename[], version: number): Catalog {
  if (renames.length === 0) return catalog
  const names = new Map(renames.map((rename) => [nameKey(rename), rename.to]))
  const follow = (object: string, key: string, field = 'Name'): string =>
    names.get(nameKey({ object, field, key })) ?? key
  return compileOrThrow(allDocuments(catalog).map((document) => mapRowNames(document, follow)), version) // prettier-ignore
}

/** For the history of changes. */
export const followTexts = (renames: readonly RowRename[]): string[] =>
  renames.map(({ object, key, to }) => `What names ${object} ${key} follows it to ${to}.`)
