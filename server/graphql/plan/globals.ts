/**
 * What `$User.…`, `$Organization.…` and `$Setup.…` mean in formula fields that are finished after the statement, and what such fields ask of the
 * set-up: business hours and rates of currencies. A plan knows what its fields need; all of it is read as the system, like all that a formula reads.
 */
import type { Engine } from '#automation'
import { FUNCTIONS, type CompiledFormula } from '#formula'
import type { Catalog, ObjectDef } from '#metadata'
import {
  authorize,
  compileQuery,
  isAuthorized,
  runQuery,
  systemActor,
  type CompiledQuery,
  type FormulaSurroundings,
  type Query,
  type QueryContext,
  type Selected,
  type Selection,
} from '#records'
import type { Row, Value } from '#util'
import type { Caller } from '../context.ts'

/** What a plan needs, which is the same for every caller. */
export interface GlobalsRead {
  readonly rows?: RowsRead
  /** Paths of custom settings. */
  readonly settings: readonly string[]
  /** Its formulas ask for hours, rates or settings. */
  readonly setUp: boolean
}

/** Statements for the values of the two rows. */
interface RowsRead {
  readonly statements: readonly { readonly paths: readonly string[]; readonly query: CompiledQuery }[]
  /** Only fields of the two rows themselves: then they hold for as long as the caller's actor does, which is made anew when those rows change. */
  readonly keep: boolean
}

const ROOTS = ['User', 'Organization'] as const
const isSetting = (path: string): boolean => path.startsWith('$Setup.')
const isOutside = (path: string): boolean => path.startsWith('$')
const isGlobal = (path: string): boolean => isOutside(path) && !isSetting(path)
const PROFILE = '$User.ProfileId'
const isOwn = (path: string): boolean => path.split('.').length === 2

export class Globals {
  readonly #engine: Engine
  readonly #own = new WeakMap<Catalog, RowsRead>()
  readonly #asking = new WeakMap<Catalog, ReturnType<typeof askingFormulas>>()
  readonly #kept = new WeakMap<Caller['actor'], Promise<Row>>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** undefined: no formula of this query reads more than records. */
  readFor(query: Query, catalog: Catalog): GlobalsRead | undefined {
    const formulas = this.#formulasOf(query, catalog)
    const paths = [...new Set(formulas.flatMap((formula) => formula.paths))]
    const settings = paths.filter(isSetting)
    const setUp = settings.length > 0 || formulas.some(asksSetUp)
    const global = [...paths.filter(isGlobal), ...(settings.length > 0 ? [PROFILE] : [])]
    if (global.length === 0 && !setUp) return undefined
    return { settings, setUp, ...(global.length > 0 && { rows: this.#rowsRead(global, catalog) }) }
  }

  #formulasOf(query: Query, catalog: Catalog): readonly CompiledFormula[] {
    const asking = this.#asking.get(catalog) ?? askingFormulas(catalog)
    this.#asking.set(catalog, asking)
    return asking.size === 0 ? [] : [...textsIn(query)].flatMap((text) => asking.get(text) ?? [])
  }

  async values(read: GlobalsRead, actor: Caller['actor'], context: QueryContext): Promise<FormulaSurroundings> {
    const rows = read.rows ? await this.#rows(read.rows, actor, context) : {}
    if (!read.setUp) return { globals: rows }
    const { setting, hours, lookup } = await this.#engine.formulaSetUp()
    const settings = read.settings.map((path) => [path, setting(path, actor.userId, rows[PROFILE] ?? null)])
    return { globals: { ...rows, ...Object.fromEntries(settings) }, hours, lookup }
  }

  async #rows(read: RowsRead, actor: Caller['actor'], context: QueryContext): Promise<Row> {
    if (!read.keep) return this.#run(read, context)
    const known = this.#kept.get(actor)
    if (known) return known
    const found = this.#run(read, context)
    this.#kept.set(actor, found)
    found.catch(() => this.#kept.delete(actor))
    return found
  }

  #rowsRead(paths: readonly string[], catalog: Catalog): RowsRead {
    return paths.every(isOwn) ? this.#ownRead(catalog) : this.#read(paths, catalog, false)
  }

  /** Every field of the two rows that any formula of this catalog reads, so that one read serves all plans of a caller. */
  #ownRead(catalog: Catalog): RowsRead {
    const known = this.#own.get(catalog)
    if (known) return known
    const all = [...catalog.objects.values()].flatMap((object) => object.fields.flatMap((f) => f.formula?.paths ?? []))
    const own = all.filter((path) => isGlobal(path) && isOwn(path))
    const profile = all.some(isSetting) ? [PROFILE] : []
    const read = this.#read([...new Set([...own, ...profile])], catalog, true)
    this.#own.set(catalog, read)
    return read
  }

  #read(paths: readonly string[], catalog: Catalog, keep: boolean): RowsRead {
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

  async #run({ statements }: RowsRead, context: QueryContext): Promise<Row> {
    const values: { [path: string]: Value } = {}
    for (const { paths, query } of statements) {
      const row = rowOf(JSON.parse(await runQuery(this.#engine.database, query, {}, context)))
      paths.forEach((path, i) => (values[path] = valueIn(row?.[`v${i}`], path)))
    }
    return values
  }
}

// ── which formulas ──

/** Every text in a query, names of fields among them: selected, filtered, sorted, grouped or measured by. */
function textsIn(part: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof part === 'string') found.add(part)
  else if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) textsIn(inner, found)
  return found
}

/** Formulas that read more than records, by the name of their field. */
function askingFormulas(catalog: Catalog): ReadonlyMap<string, readonly CompiledFormula[]> {
  const fields = [...catalog.objects.values()].flatMap((object) => object.fields)
  const asking = fields.filter(({ formula }) => formula && (formula.paths.some(isOutside) || asksSetUp(formula)))
  return new Map([...Map.groupBy(asking, (f) => f.name)].map(([name, list]) => [name, list.flatMap((f) => f.formula ?? [])])) // prettier-ignore
}

/** Business time is counted in somebody's hours. */
const asksSetUp = ({ analysis }: CompiledFormula): boolean =>
  [...analysis.functions].some((name) => name === 'CURRENCYRATE' || FUNCTIONS.get(name)?.group === 'Business time')

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
