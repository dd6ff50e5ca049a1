import { isDeployable, ROW_KEY } from '#metadata'
import type { Catalog, FieldDef, ObjectDef, RowDocument } from '#metadata'
import type { DialectReader } from '#records'
import { pushTo } from '#util'
import type { Row, Value } from '#util'
import { readAll } from '../rows.ts'

/** A row of a set-up object under its API name. */
export interface StoredRow {
  readonly object: ObjectDef
  readonly id: string
  readonly key: string
  readonly row: Row
  /** By name of a list of joined rows: the joining rows by the id of what they join. */
  readonly joined: { readonly [list: string]: ReadonlyMap<string, Row> }
}

/** A list below a row that says which other set-up rows belong to it: Holidays of business hours, through BusinessHoursHoliday. */
export interface Join {
  readonly list: string
  readonly object: ObjectDef
  readonly master: FieldDef
  readonly other: FieldDef
}

/** Every deployable row, in one order for everybody: by object, then id. */
export async function readStoredRows(reader: DialectReader, catalog: Catalog): Promise<StoredRow[]> {
  const stored: StoredRow[] = []
  for (const object of catalog.objects.values()) {
    if (!isDeployable(object)) continue
    const rows = await readAll(reader, catalog, object)
    const keys = keysOf(object, rows)
    const joined = await joinedOf(reader, catalog, object)
    for (const row of rows) {
      const id = String(row.Id)
      const lists = Object.entries(joined).map(([list, byMaster]) => [list, new Map(byMaster.get(id))])
      stored.push({ object, id, key: keys.get(id)!, row, joined: Object.fromEntries(lists) })
    }
  }
  return stored
}

/** Its DeveloperName; of a row that has none, its name in letters and digits, with a number where another row has that already. */
function keysOf(object: ObjectDef, rows: readonly Row[]): Map<string, string> {
  const taken = new Set(rows.map((row) => row[ROW_KEY]))
  return new Map(
    rows.map((row) => {
      const key = row[ROW_KEY] ?? freeKey(String(row[object.nameField.name] ?? object.name), taken)
      taken.add(key)
      return [String(row.Id), String(key)]
    }),
  )
}

function freeKey(name: string, taken: ReadonlySet<Value | undefined>): string {
  const plain = name.normalize('NFKD').replace(/\W+/g, '_').replace(/^_+|_+$/g, '') // prettier-ignore
  const base = (/^[A-Za-z]/.test(plain) ? plain : `Row_${plain}`).slice(0, 70)
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}_${n}`
    if (!taken.has(key)) return key
  }
}

export function joinsOf(catalog: Catalog, object: ObjectDef): Join[] {
  return [...object.children.values()].flatMap((child) => {
    const joining = catalog.object(child.object)
    const master = joining?.field(child.field)
    if (!joining?.setup || !master?.reference?.masterDetail) return []
    const other = joining.fields.find((f) => f !== master && f.required && deployableTarget(catalog, f))
    return other ? [{ list: child.name, object: joining, master, other }] : []
  })
}

/** The one deployable object that a reference leads to. */
export function deployableTarget(catalog: Catalog, field: FieldDef): ObjectDef | undefined {
  const [only, more] = field.reference?.any ? [] : (field.reference?.to ?? [])
  const target = only !== undefined && more === undefined ? catalog.object(only) : undefined
  return target && isDeployable(target) ? target : undefined
}

async function joinedOf(
  reader: DialectReader,
  catalog: Catalog,
  object: ObjectDef,
): Promise<{ [list: string]: Map<string, [string, Row][]> }> {
  const lists: { [list: string]: Map<string, [string, Row][]> } = {}
  for (const { list, object: joining, master, other } of joinsOf(catalog, object)) {
    const byMaster = (lists[list] = new Map<string, [string, Row][]>())
    for (const row of await readAll(reader, catalog, joining))
      pushTo(byMaster, String(row[master.name]), [String(row[other.name]), row])
  }
  return lists
}

/** A row's values as its document writes them: references by API name. `only`: these keys, blanks too. */
export function valuesOf(
  catalog: Catalog,
  { object, row, joined }: StoredRow,
  keyOf: (id: string) => string | undefined,
  only?: readonly string[],
): RowDocument['values'] {
  const named = (value: Value): Value => (typeof value === 'string' ? (keyOf(value) ?? value) : value)
  const fields = object.fields.filter((f) => f.column && !f.readOnly && f.origin === 'declared' && f.name !== ROW_KEY)
  const values = Object.fromEntries(
    [...new Set([object.nameField, ...fields])].map((f) => {
      const value = row[f.name] ?? null
      return [f.name, deployableTarget(catalog, f) ? named(value) : value]
    }),
  )
  const lists = Object.entries(joined).map(([list, ids]) => [list, [...ids.keys()].map(named).sort()])
  const all: RowDocument['values'] = { ...values, ...Object.fromEntries(lists) }
  const kept = Object.entries(all).filter(([name, value]) =>
    only ? only.includes(name) : value !== null && !(Array.isArray(value) && name in joined && value.length === 0),
  )
  return Object.fromEntries(kept)
}

export const rowName = (object: ObjectDef, key: string): string => `${object.name}.${key}`

/** Rows as documents, as an admin downloads them. */
export async function readRowDocuments(
  reader: DialectReader,
  catalog: Catalog,
): Promise<{ readonly id: string; readonly document: RowDocument }[]> {
  const stored = await readStoredRows(reader, catalog)
  const keys = new Map(stored.map((s) => [s.id, s.key]))
  return stored.map((s) => ({
    id: s.id,
    document: { kind: 'Row', name: rowName(s.object, s.key), values: valuesOf(catalog, s, (id) => keys.get(id)) },
  }))
}
