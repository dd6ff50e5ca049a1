import { inspect } from '#database'
import type { Dialect, TableShape } from '#database'
import type { Catalog, FieldDef, FieldDocument, ObjectDef } from '#metadata'
import type { Finding } from '#util'
import { columnsOf } from '../codec.ts'
import type { DialectReader } from '../write/read.ts'
import { foreignKey, hasIndex, indexesOf, physicalColumns, storedFields } from './spec.ts'

const REPAIR = 'Run `npm run repair`, which adds what is missing and deletes nothing.'
const error = (code: string, message: string, hint: string = REPAIR): Finding => ({
  code,
  severity: 'error',
  message,
  hint,
})
const warning = (code: string, message: string, hint: string): Finding => ({ code, severity: 'warning', message, hint })

/** Compares the catalog with the real database: what is missing, of another type, or there without a reason. */
export async function doctor(database: DialectReader, catalog: Catalog): Promise<Finding[]> {
  const shapes = await inspect(database, database.dialect)
  const found = [...catalog.objects.values()].flatMap((object) =>
    checkObject(database.dialect, catalog, object, shapes.get(object.table)),
  )
  return [...found, ...unknownTables(catalog, shapes)]
}

function checkObject(dialect: Dialect, catalog: Catalog, object: ObjectDef, shape: TableShape | undefined): Finding[] {
  if (!shape) return [error('MISSING_TABLE', `The table ${object.table} of ${object.name} is missing.`)]
  return [
    ...storedFields(object).flatMap((field) => checkField(dialect, catalog, object, field, shape)),
    ...unknownColumns(catalog, object, shape),
  ]
}

function checkField(
  dialect: Dialect,
  catalog: Catalog,
  object: ObjectDef,
  field: FieldDef,
  shape: TableShape,
): Finding[] {
  const name = `${object.name}.${field.name}`
  const columns = columnsOf(dialect, field).flatMap((column) => {
    const type = shape.columns.get(column.name)
    if (type === undefined)
      return [error('MISSING_COLUMN', `The column ${object.table}.${column.name} of ${name} is missing.`)]
    const wanted = normalType(column.type)
    if (type === wanted || (type === 'jsonb' && wanted === 'json')) return []
    return [
      error(
        'WRONG_COLUMN_TYPE',
        `The column ${object.table}.${column.name} of ${name} is ${type} and should be ${wanted}.`,
        'Restore the database from a backup, or move the values by hand.',
      ),
    ]
  })
  if (columns.some((f) => f.code === 'MISSING_COLUMN')) return columns
  const indexes = indexesOf(object, field)
    .filter((index) => !hasIndex(shape, index))
    .map((index) => error('MISSING_INDEX', `The index ${index.name} of ${name} is missing.`))
  const key = foreignKey(catalog, field)
  const keys =
    key && shape.foreignKeys.get(field.column!) !== key.table
      ? [error('MISSING_FOREIGN_KEY', `${name} is not tied to the table ${key.table}.`)]
      : []
  return [...columns, ...indexes, ...keys]
}

/** As `inspect` prints it. A `jsonb` of an earlier release serves as well as `json`. */
const normalType = (type: string): string =>
  type.replace(/ COLLATE .*/, '').toLowerCase().replace(/^timestamptz\(3\)$/, 'timestamp(3) with time zone').replace(/^time\(3\)$/, 'time(3) without time zone') // prettier-ignore

const EXTRA = 'It is kept. Drop it by hand once you are sure that nothing needs it.'

function unknownColumns(catalog: Catalog, object: ObjectDef, shape: TableShape): Finding[] {
  const known = new Set([...physicalColumns(object), ...hiddenColumns(catalog, object)])
  return [...shape.columns.keys()]
    .filter((column) => !known.has(column))
    .map((column) => warning('UNKNOWN_COLUMN', `The column ${object.table}.${column} belongs to no field.`, EXTRA))
}

/** Deleted fields keep theirs until the purge, and so do fields the ones that they left. */
const hiddenColumns = (catalog: Catalog, object: ObjectDef): string[] => [
  ...object.fields.flatMap((f) => formerColumns(f.document)),
  ...catalog.deleted.flatMap((d) =>
    d.kind === 'Field' && d.physicalName && d.name.startsWith(`${object.name}.`)
      ? [d.physicalName, `${d.physicalName}_lat`, `${d.physicalName}_lon`, ...formerColumns(d)]
      : [],
  ),
]

const formerColumns = (field: FieldDocument | undefined): string[] =>
  (field?.formerColumns ?? []).map(({ column }) => column)

function unknownTables(catalog: Catalog, shapes: ReadonlyMap<string, TableShape>): Finding[] {
  const known = new Set([
    ...[...catalog.objects.values()].map((o) => o.table),
    ...catalog.deleted.flatMap((d) => (d.kind === 'Object' ? [d.physicalName] : [])),
  ])
  return [...shapes.keys()]
    .filter((table) => table.startsWith('o_') && !known.has(table))
    .map((table) => warning('UNKNOWN_TABLE', `The table ${table} belongs to no object.`, EXTRA))
}
