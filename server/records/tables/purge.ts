import { parseInstant } from '#util'
import type { Instant } from '#util'
import { allDocuments } from '#metadata'
import type { Catalog, Document, FieldDocument, ObjectDocument } from '#metadata'
import { columnNames } from '../codec.ts'
import type { TableStep } from './steps.ts'

const DAYS_KEPT = 15
const DAY = 86_400_000

const isOver = (since: string | undefined, now: Instant): boolean =>
  since !== undefined && (parseInstant(since) ?? now - DAYS_KEPT * DAY) + DAYS_KEPT * DAY <= now

/** Deleted documents whose fifteen days are over; the caller removes them for good with the same transaction. */
export const dueForPurge = (catalog: Catalog, now: Instant): Document[] =>
  catalog.deleted.filter(({ deletedAt }) => isOver(deletedAt, now))

/** What stays: without the documents that are due, and without the former columns whose fifteen days are over. */
export function afterPurge(catalog: Catalog, now: Instant): Document[] {
  const due = new Set(dueForPurge(catalog, now))
  return allDocuments(catalog).flatMap((d) => (due.has(d) ? [] : [withoutFormer(d, now)]))
}

function withoutFormer(document: Document, now: Instant): Document {
  if (document.kind !== 'Field' || !document.formerColumns) return document
  const { formerColumns, ...field } = document
  const kept = formerColumns.filter(({ leftAt }) => !isOver(leftAt, now))
  if (kept.length === formerColumns.length) return document
  return kept.length > 0 ? { ...field, formerColumns: kept } : field
}

/** Drops the columns and tables of what is due. Tables are emptied first, so that none holds on to another's rows. */
export function purgeSteps(catalog: Catalog, now: Instant): TableStep[] {
  const due = dueForPurge(catalog, now)
  const objects = due.filter((d): d is ObjectDocument => d.kind === 'Object')
  const gone = new Set(objects.map((o) => o.name))
  const fields = allDocuments(catalog).filter((d): d is FieldDocument => d.kind === 'Field' && !gone.has(objectName(d)))
  const tables = objects.flatMap((o) => (o.physicalName ? [o.physicalName] : []))
  return [
    ...fields.flatMap((field) => dropColumns(catalog, field, due.includes(field), now)),
    ...tables.map((table): TableStep => ({ kind: 'emptyTable', table })),
    ...tables.map((table): TableStep => ({ kind: 'dropTable', table })),
  ]
}

const objectName = (field: FieldDocument): string => field.name.split('.')[0]!

function dropColumns(catalog: Catalog, field: FieldDocument, whole: boolean, now: Instant): TableStep[] {
  const table = tableOf(catalog, objectName(field))
  if (!table) return []
  const former = (field.formerColumns ?? []).filter(({ leftAt }) => whole || isOver(leftAt, now))
  const columns = [...(whole ? columnsOfField(field) : []), ...former.map(({ column }) => column)]
  return columns.map((column) => ({ kind: 'dropColumn', table, column }))
}

/** An object that is deleted itself keeps its table a while longer. */
const tableOf = (catalog: Catalog, object: string): string | undefined =>
  catalog.object(object)?.table ?? catalog.deleted.find((d) => d.kind === 'Object' && d.name === object)?.physicalName

function columnsOfField({ type, physicalName: column }: FieldDocument): readonly string[] {
  return columnNames({ storage: type === 'Geolocation' ? 'geo' : 'text', column, precision: 0, scale: 0 })
}
