/**
 * What `$User.…` and `$Organization.…` mean in formula fields that are finished after the statement. A plan knows which of them its fields need;
 * the caller's own row and the organisation's are read as the system, like all that a formula reads.
 */
import type { Engine } from '#automation'
import type { Catalog, ObjectDef } from '#metadata'
import {
  authorize,
  compileQuery,
  isAuthorized,
  runQuery,
  systemActor,
  type CompiledQuery,
  type Query,
  type QueryContext,
  type Selected,
  type Selection,
} from '#records'
import type { Row, Value } from '#util'
import type { Caller } from '../context.ts'

/** Statements for the values that a plan needs, which are the same for every caller. */
export interface GlobalsRead {
  readonly statements: readonly { readonly paths: readonly string[]; readonly query: CompiledQuery }[]
  /** Only fields of the two rows themselves: then they hold for as long as the caller's actor does, which is made anew when those rows change. */
  readonly keep: boolean
}

const ROOTS = ['User', 'Organization'] as const
const isGlobal = (path: string): boolean => path.startsWith('$')
const isOwn = (path: string): boolean => path.split('.').length === 2

export class Globals {
  readonly #engine: Engine
  readonly #own = new WeakMap<Catalog, GlobalsRead>()
  readonly #kept = new WeakMap<Caller['actor'], Promise<Row>>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** undefined: no formula of this query reads a global. */
  readFor(query: Query, catalog: Catalog): GlobalsRead | undefined {
    const paths = new Set(pathsOf(query, catalog).filter(isGlobal))
    if (paths.size === 0) return undefined
    return [...paths].every(isOwn) ? this.#ownRead(catalog) : this.#read([...paths], catalog, false)
  }

  async values(read: GlobalsRead, actor: Caller['actor'], context: QueryContext): Promise<Row> {
    if (!read.keep) return this.#run(read, context)
    const known = this.#kept.get(actor)
    if (known) return known
    const found = this.#run(read, context)
    this.#kept.set(actor, found)
    found.catch(() => this.#kept.delete(actor))
    return found
  }

  /** Every field of the two rows that any formula of this catalog reads, so that one read serves all plans of a caller. */
  #ownRead(catalog: Catalog): GlobalsRead {
    const known = this.#own.get(catalog)
    if (known) return known
    const all = [...catalog.objects.values()].flatMap((object) => object.fields.flatMap((f) => f.formula?.paths ?? []))
    const read = this.#read([...new Set(all.filter((path) => isGlobal(path) && isOwn(path)))], catalog, true)
    this.#own.set(catalog, read)
    return read
  }

  #read(paths: readonly string[], catalog: Catalog, keep: boolean): GlobalsRead {
    const statements = ROOTS.flatMap((root) => {
      const object = catalog.object(root)
      const own = paths.filter((path) => path.startsWith(`$${root}.`))
      if (!object || own.length === 0) return []
      const query = own.flatMap((path, i) => selectionOf(catalog, object, path.split('.').slice(1), `v${i}`))
      return [{ paths: own, query: this.#compile(rowQuery(root, query), catalog) }]
    })
    return { statements, keep }
  }

  #compile(query: Query, catalog: Catalog): CompiledQuery {
    const authorized = authorize(query, systemActor('formulas'), catalog)
    if (!isAuthorized(authorized)) throw new Error(authorized.map((finding) => finding.message).join(' '))
    return compileQuery(authorized, this.#engine.database.dialect)
  }

  async #run({ statements }: GlobalsRead, context: QueryContext): Promise<Row> {
    const values: { [path: string]: Value } = {}
    for (const { paths, query } of statements) {
      const row = rowOf(JSON.parse(await runQuery(this.#engine.database, query, {}, context)))
      paths.forEach((path, i) => (values[path] = valueIn(row?.[`v${i}`], path)))
    }
    return values
  }
}

// ── which paths ──

function pathsOf(query: Query, catalog: Catalog): readonly string[] {
  const object = catalog.object(query.object)
  if (!object || query.kind === 'aggregate') return []
  if (query.kind === 'record') return query.select.flatMap((part) => selectedPaths(part, object, catalog))
  return listSelections(query.select).flatMap((select) =>
    select.flatMap((part) => selectedPaths(part, object, catalog)),
  )
}

type Connection = Extract<Query, { kind: 'list' }>['select']

const listSelections = (parts: Connection): Selection[] =>
  parts.flatMap((part) => {
    if (part.kind === 'nodes') return [part.select]
    return part.kind === 'edges' ? part.parts.flatMap((edge) => (edge.kind === 'node' ? [edge.select] : [])) : []
  })

function selectedPaths(part: Selected, object: ObjectDef, catalog: Catalog): readonly string[] {
  const read = (field: string) => object.field(field)?.formula?.paths ?? []
  if (part.kind === 'field') return read(part.field)
  if (part.kind === 'display') return part.parts.flatMap(({ field }) => read(field))
  if (part.kind === 'children') return pathsOf(part.query, catalog)
  if (part.kind === 'constant') return []
  return part.types.flatMap(({ object: name, select }) => {
    const parent = catalog.object(name)
    return parent ? select.flatMap((inner) => selectedPaths(inner, parent, catalog)) : []
  })
}

// ── the rows ──

/** The one value at the end of a path; the parents on the way stand in each other under the same key. A path that leads nowhere is left out. */
function selectionOf(catalog: Catalog, object: ObjectDef, path: readonly string[], key: string): Selected[] {
  const [head = '', ...rest] = path
  if (rest.length === 0) return object.field(head) ? [{ key, kind: 'field', field: head }] : []
  const [relationship = head, picked] = head.split(':')
  const target = catalog.object(picked ?? object.parent(relationship)?.reference?.to[0] ?? '')
  const select = target ? selectionOf(catalog, target, rest, 'v') : []
  return target && select.length
    ? [{ key, kind: 'parent', relationship, types: [{ object: target.name, select }] }]
    : []
}

const rowQuery = (root: (typeof ROOTS)[number], select: Selection): Query =>
  root === 'User'
    ? { kind: 'record', object: root, id: { context: 'userId' }, select }
    : {
        kind: 'list',
        object: root,
        orderBy: [],
        page: { first: { constant: 1 } },
        select: [{ key: 'nodes', kind: 'nodes', select }],
      }

type Json = { readonly [key: string]: unknown } | null

const rowOf = (found: Json): Json => (found && Array.isArray(found.nodes) ? ((found.nodes[0] as Json) ?? null) : found)

function valueIn(found: unknown, path: string): Value {
  let value = found
  for (let hops = path.split('.').length - 2; hops > 0; hops--) value = (value as Json | undefined)?.v
  return (value ?? null) as Value
}
