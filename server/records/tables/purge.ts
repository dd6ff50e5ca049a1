import { parseInstant } from '#util'
import type { Instant } from '#util'
import type { Catalog, Document, FieldDocument, ObjectDocument } from '#metadata'
import { columnNames } from '../codec.ts'
import type { TableStep } from './steps.ts'

const DAYS_KEPT = 15
const DAY = 86_400_000

/** Deleted documents whose fifteen days are over; the caller removes them for good with the same transaction. */
export function dueForPurge(catalog: Catalog, now: Instant): Document[] {
  return catalog.deleted.filter(
    ({ deletedAt }) => deletedAt !== undefined && (parseInstant(deletedAt) ?? now) + DAYS_KEPT * DAY <= now,
  )
}

/** Drops the columns and tables of what is due. Tables are emptied first, so that none holds on to another's rows. */
export function purgeSteps(catalog: Catalog, now: Instant): TableStep[] {
  const due = dueForPurge(catalog, now)
  const objects = due.filter((d): d is ObjectDocument => d.kind === 'Object')
  const gone = new Set(objects.map((o) => o.name))
  const fields = due.filter((d): d is FieldDocument => d.kind === 'Field' && !gone.has(objectName(d)))
  const tables = objects.flatMap((o) => (o.physicalName ? [o.physicalName] : []))
  return [
    ...fields.flatMap((field) => dropColumns(catalog, field)),
    ...tables.map((table): TableStep => ({ kind: 'emptyTable', table })),
    ...tables.map((table): TableStep => ({ kind: 'dropTable', table })),
  ]
}

const objectName = (field: FieldDocument): string => field.name.split('.')[0]!

function dropColumns(catalog: Catalog, field: FieldDocument): TableStep[] {
  const table = catalog.object(objectName(field))?.table
  if (!table || !field.physicalName) return []
  const storage = field.type === 'Geolocation' ? 'geo' : 'text'
  const columns = columnNames({ storage, column: field.physicalName, precision: 0, scale: 0 })
  return columns.map((column) => ({ kind: 'dropColumn', table, column }))
}
