import { documentPath, ROW_KEY } from '#metadata'
import type { ObjectDef } from '#metadata'
import type { Finding, Row, Value } from '#util'
import { addDraft } from '../save/draft.ts'
import type { Run } from '../save/draft.ts'
import { deployableTarget, joinsOf, rowName } from './stored-rows.ts'
import type { Join, StoredRow } from './stored-rows.ts'
import type { RowChange } from './types.ts'

/** One row on its way from a document into its table. */
export interface RowTarget {
  readonly change: RowChange
  readonly object: ObjectDef
  /** As it is now; absent: it is new. */
  readonly row: StoredRow | undefined
  readonly id: string
  /** Lists of joined rows that change. */
  lists?: string[]
}

/** Every row there will be, by full name. */
type Ids = ReadonlyMap<string, string>

/** Drafts the row itself. */
export function draftRow(run: Run, { change, object, row, id }: RowTarget, ids: Ids): Finding[] {
  const { actor, catalog } = run
  const { document } = change
  if (!document) {
    addDraft(run, { object, operation: 'delete', id, before: row!.row, changes: {}, actor, index: 0 })
    return []
  }
  const findings: Finding[] = []
  const lists = new Set(joinsOf(catalog, object).map((join) => join.list))
  const changes: { [field: string]: Value } = { [ROW_KEY]: document.name.slice(document.name.indexOf('.') + 1) }
  for (const [name, value] of Object.entries(document.values)) {
    if (lists.has(name)) continue
    const field = object.field(name)
    const to = field && deployableTarget(catalog, field)
    changes[name] = to ? refer(ids, document.name, to, value, `values.${name}`, findings) : value
  }
  const operation = row ? 'update' : 'create'
  addDraft(run, { object, operation, id, ...(row ? { before: row.row } : {}), changes, actor, index: 0 })
  return findings
}

/** Drafts what joins it to others. A list in the document is the whole list: what it lacks goes, what it has more comes. */
export function draftLists(run: Run, target: RowTarget, ids: Ids): Finding[] {
  const { document } = target.change
  const findings: Finding[] = []
  for (const join of document ? joinsOf(run.catalog, target.object) : []) {
    const value = document!.values[join.list]
    if (value === undefined) continue
    const to = deployableTarget(run.catalog, join.other)!
    const given = Array.isArray(value) ? value : value === null ? [] : [value]
    const wanted = given.map((key, i) => refer(ids, document!.name, to, key, `values.${join.list}[${i}]`, findings))
    draftList(run, target, join, new Set(wanted))
  }
  return findings
}

function draftList(run: Run, target: RowTarget, join: Join, wanted: ReadonlySet<Value>): void {
  const { object, master, other, list } = join
  const known = target.row?.joined[list] ?? new Map<string, Row>()
  const more = [...wanted].filter((id) => typeof id === 'string' && !known.has(id))
  const less = [...known].filter(([id]) => !wanted.has(id)).map(([, before]) => before)
  if (more.length + less.length > 0) (target.lists ??= []).push(list)
  const own = { object, actor: run.actor, index: 0 }
  for (const id of more)
    addDraft(run, { ...own, operation: 'create', id: run.newId(object), changes: { [master.name]: target.id, [other.name]: id } }) // prettier-ignore
  for (const before of less) addDraft(run, { ...own, operation: 'delete', id: String(before.Id), before, changes: {} })
}

/** The id of the row that a name stands for. */
function refer(ids: Ids, name: string, to: ObjectDef, key: Value, path: string, findings: Finding[]): Value {
  if (key === null) return null
  const found = ids.get(rowName(to, String(key)))
  if (!found) findings.push(unknownRow(name, to, key, path))
  return found ?? null
}

const unknownRow = (name: string, to: ObjectDef, key: Value, path: string): Finding => ({
  code: 'UNKNOWN_ROW',
  severity: 'error',
  file: documentPath('Row', name),
  path,
  message: `There is no ${to.label} ${String(key)}.`,
  hint: `Name a row of ${to.name} by its API name, or deploy it in the same change.`,
})
