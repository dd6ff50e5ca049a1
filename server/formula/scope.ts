import type { Completion, FieldInfo, FormulaType, Scope } from './types.ts'

export type PlainField = Partial<Omit<FieldInfo, 'path' | 'type'>> & {
  readonly path: string
  readonly type: FormulaType
}

/** A Scope from a plain list of fields; dotted paths stand for parents. For tests, vectors and places without a catalog. */
export function scopeOf(name: string, fields: readonly PlainField[]): Scope {
  const byPath = new Map(fields.map((field) => [field.path.toLowerCase(), infoOf(field)]))
  return {
    name,
    resolve: (path) => byPath.get(path.join('.').toLowerCase()),
    complete: (prefix) => completionsOf(prefix, [...byPath.values()]),
  }
}

function infoOf(field: PlainField): FieldInfo {
  return { nullable: field.type !== 'Boolean', hops: field.path.split('.').length - 1, ...field }
}

function completionsOf(prefix: readonly string[], fields: readonly FieldInfo[]): readonly Completion[] {
  const start = prefix.map((segment) => `${segment.toLowerCase()}.`).join('')
  const found = new Map<string, Completion>()
  for (const field of fields) {
    if (!field.path.toLowerCase().startsWith(start)) continue
    const rest = field.path.slice(start.length)
    const [name = '', ...more] = rest.split('.')
    found.set(name, more.length > 0 ? { name, type: 'Relationship' } : { name, label: field.label, type: field.type })
  }
  return [...found.values()]
}
