import type { FormulaOptions } from '#formula'
import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import type { Report } from '../report.ts'
import type { Schema } from './schema.ts'

export type Path = readonly (string | number)[]

interface Mention {
  /** Where in the document. */
  readonly at: Path
  /** The mention is the key at the end of `at`, not its value (grants of a permission set, values of an action, filters). */
  readonly key?: true
  /** Worked out when an action runs: it may read `$Milestone`. */
  readonly fired?: true
}

/** One place of a document that names something else. Checks, "where used" and renames all work on these, so a kind lists each place once. */
export type Slot =
  | (Mention & {
      readonly is: 'formula'
      readonly object: string
      readonly source: string
      readonly options?: Omit<FormulaOptions, 'scope'>
      /** The field that takes the result: its type is what the formula must give. */
      readonly into?: { readonly object: string; readonly field: string }
      /** Where the formula stands inside the text: `{!…}` of a template. */
      readonly offset?: number
      /** The compiler itself compiles it into the catalog and reports its mistakes. */
      readonly compiled?: true
    })
  /** A field, or a dotted path of parents and a field. */
  | (Mention & { readonly is: 'field'; readonly object: string; readonly path: string; readonly prefix?: '-' })
  /** A parent relationship, e.g. a key of a filter. */
  | (Mention & { readonly is: 'parent'; readonly object: string; readonly name: string })
  /** A list of child records. */
  | (Mention & { readonly is: 'child'; readonly object: string; readonly name: string })
  | (Mention & { readonly is: 'document'; readonly kind: Kind; readonly name: string })

export interface KindEntry<D extends Document = Document> {
  readonly kind: D['kind']
  readonly label: string
  readonly schema: Schema
  slots(document: D, catalog: Catalog): Slot[]
  /** What the schema can't say and no slot says. */
  check?(document: D, catalog: Catalog, report: Report): void
  /** Filters and sorts that a query would refuse: errors of a plan, but what is stored already loads with them. */
  checkQueries?(document: D, catalog: Catalog, report: Report): void
}

/** Formula slots of the merge fields `{!…}` in a text: all such texts are an action's. */
export function templateSlots(at: Path, object: string, text: string): Slot[] {
  return [...text.matchAll(/\{!([^{}]*)\}/g)].map((m) => ({
    is: 'formula',
    at,
    object,
    source: m[1] ?? '',
    offset: m.index + 2,
    fired: true,
  }))
}
