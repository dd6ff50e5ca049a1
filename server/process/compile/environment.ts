/** What compiling a process asks of the catalog; small, so that a test can be one. */
import type { CompiledFormula, Scope } from '#formula'
import { type Catalog, type FieldDef, formulaScope, literalDefault } from '#metadata'
import type { Value } from '#util'

export interface Environment {
  /** Undefined when there is no such object. */
  scope(object: string): Scope | undefined
  /** The object's own closedWhen. */
  closedWhen(object: string): CompiledFormula | undefined
  enabled(object: string): boolean
  action(name: string): { readonly object: string } | undefined
  /** Objects that a reference field may point to; undefined = no such reference field. */
  references(object: string, field: string): readonly string[] | 'any' | undefined
  /** What a new record has in a field of its own that nobody fills in, null = blank; undefined = it can't be said. */
  initial(object: string, field: string): Value | undefined
}

export function environmentOf(catalog: Catalog): Environment {
  return {
    scope: (object) => (catalog.object(object) ? formulaScope(catalog, object) : undefined),
    closedWhen: (object) => catalog.object(object)?.closedWhen,
    enabled: (object) => catalog.object(object)?.enableProcesses ?? false,
    action: (name) => catalog.actions.get(name),
    references: (object, field) => {
      const reference = catalog.object(object)?.field(field)?.reference
      return reference && (reference.any ? 'any' : reference.to)
    },
    initial: (object, name) => {
      const field = catalog.object(object)?.field(name)
      return field && initialValue(field)
    },
  }
}

function initialValue(field: FieldDef): Value | undefined {
  if (field.origin === 'system' || field.type === 'AutoNumber' || field.defaultFormula || field.stampWhen)
    return undefined
  return literalDefault(field) ?? (field.required ? undefined : null)
}
