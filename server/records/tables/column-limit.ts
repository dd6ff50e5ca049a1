/** Databases take a limited number of columns in a table, and former ones count until they are purged: what a change makes of that. */
import { ddl, inspect, quote } from '#database'
import type { TableShape } from '#database'
import { allDocuments } from '#metadata'
import type { Catalog, FieldDocument, ObjectDef } from '#metadata'
import type { Finding } from '#util'
import type { DialectReader } from '../write/read.ts'
import { columnNames, isStored } from '../codec.ts'
import { physicalColumns } from './spec.ts'

export interface ColumnRoom {
  /** There is no room. */
  readonly findings: Finding[]
  /** Former values that are given up for it. */
  readonly losses: string[]
  /** The columns that hold them, by the id of the field. */
  readonly given: Map<string, Set<string>>
  /** Objects whose table is written anew, because the database counts dropped columns too. */
  readonly rewritten: ObjectDef[]
}

/** Makes room for new columns where a table would have too many: the former columns that were left first go. */
export async function columnRoom(reader: DialectReader, before: Catalog, next: Catalog): Promise<ColumnRoom> {
  const room: ColumnRoom = { findings: [], losses: [], given: new Map(), rewritten: [] }
  const growing = [...next.objects.values()].filter((object) => grows(before, object))
  if (growing.length === 0) return room
  const most = ddl[reader.dialect].mostColumns
  const shapes = await inspect(reader, reader.dialect)
  for (const object of growing) {
    const shape = shapes.get(object.table)
    const added = physicalColumns(object).filter((column) => !shape?.columns.has(column)).length
    const columns = shape?.columns.size ?? 0
    if (added > 0 && columns + added > most)
      makeRoom({ object, columns, added, most, former: formerOf(before, next, object) }, room)
    else if (shape) await makeRoomInRows(reader, before, next, object, shape, room)
    if (added > 0 && shape && shape.columnsUsed + added > most) room.rewritten.push(object)
  }
  return reader.dialect === 'sqlite' ? { ...room, rewritten: [] } : room
}

function grows(before: Catalog, object: ObjectDef): boolean {
  const was = before.objectById(object.id)
  const had = new Set(was && physicalColumns(was))
  return physicalColumns(object).some((column) => !had.has(column))
}

interface Former {
  readonly field: string
  readonly column: string
  readonly leftAt: string
}

interface Crowded {
  readonly object: ObjectDef
  readonly columns: number
  readonly added: number
  readonly most: number
  readonly former: readonly Former[]
}

/** Former columns that were there before this change and stay former ones, those that were left first in front. */
function formerOf(before: Catalog, next: Catalog, object: ObjectDef): Former[] {
  const old = new Set(formerColumns(before, object).map(({ field, column }) => `${field} ${column}`))
  return formerColumns(next, object)
    .filter(({ field, column }) => old.has(`${field} ${column}`))
    .sort((a, b) => (a.leftAt < b.leftAt ? -1 : 1))
}

const formerColumns = (catalog: Catalog, { id }: ObjectDef): Former[] =>
  allDocuments(catalog)
    .filter((d): d is FieldDocument => d.kind === 'Field' && catalog.object(d.name.split('.')[0]!)?.id === id)
    .flatMap((d) => (d.formerColumns ?? []).map(({ column, leftAt }) => ({ field: d.id!, column, leftAt })))

const n = (count: number): string => count.toLocaleString('en')

/** All that was left by one change goes together. */
function makeRoom(crowded: Crowded, room: ColumnRoom): void {
  const { object, columns, added, most, former } = crowded
  const last = former[columns + added - most - 1]
  const has = `The table of ${object.name} has ${n(columns)} columns, ${n(former.length)} of them former ones of its fields, this change needs ${n(added)} more, and the database takes ${n(most)}`
  if (!last) {
    room.findings.push({ code: 'TOO_MANY_COLUMNS', severity: 'error', message: `${has}.`, hint: 'Change fewer fields at a time. Deleted fields and former columns are purged after fifteen days.' }) // prettier-ignore
    return
  }
  giveUp(has, former.filter(({ leftAt }) => leftAt <= last.leftAt), room) // prettier-ignore
}

function giveUp(why: string, former: readonly Former[], { given, losses }: ColumnRoom): void {
  for (const { field, column } of former) given.set(field, (given.get(field) ?? new Set()).add(column))
  const columns = former.length === 1 ? '1 former column, left' : `${n(former.length)} former columns, those left until`
  losses.push(`${why}: so ${columns} ${former.at(-1)!.leftAt}, will be purged now, and an undo of the changes that left them can’t bring back exactly what was in them.`) // prettier-ignore
}

/** PostgreSQL takes 8,160 bytes in a row; some are lost between values. */
const MOST_BYTES = 7_600
/** A longer value can be kept outside of its row. */
const MOST_INSIDE = 20

/** A field that gets another column keeps its values in both, and a row has to hold them. */
async function makeRoomInRows(
  reader: DialectReader,
  before: Catalog,
  next: Catalog,
  object: ObjectDef,
  { columns, name }: TableShape,
  room: ColumnRoom,
): Promise<void> {
  const moved = movedColumns(before, object)
  const former = moved.length > 0 && reader.dialect === 'postgres' ? formerOf(before, next, object) : []
  const all = [...columns.keys(), ...moved]
  if (former.length === 0 || all.length * MOST_INSIDE < MOST_BYTES) return
  const sizes = all.map((column) => `(pg_column_size(t.${quote(column)}))`)
  const size = `(SELECT sum(CASE WHEN v > ${MOST_INSIDE} THEN ${MOST_INSIDE} ELSE v END) FROM (VALUES ${sizes.join(', ')}) s (v))`
  const row = await reader.get<{ size: string | null }>(`SELECT max(${size}) AS size FROM ${quote(name)} t`)
  const largest = Number(row!.size ?? 0) + sizes.length / 8
  if (largest > MOST_BYTES)
    giveUp(`With the former values of its fields the largest record of ${object.name} would take about ${n(Math.round(largest))} bytes, and the database takes 8,160 in one row`, former, room) // prettier-ignore
}

/** The columns that fields leave. */
function movedColumns(before: Catalog, object: ObjectDef): string[] {
  const was = before.objectById(object.id)
  return object.fields.flatMap((field) => {
    const old = was?.fieldById(field.id)
    return old && isStored(old) && isStored(field) && old.column !== field.column ? columnNames(old) : []
  })
}
