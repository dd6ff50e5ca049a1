import { inspect } from '#database'
import type { ForeignKeySpec, TableShape } from '#database'
import { allDocuments } from '#metadata'
import type { Catalog, FieldDef, FieldDocument, ObjectDef } from '#metadata'
import { isStored } from '../codec.ts'
import type { DialectReader } from '../write/read.ts'
import { endOf, type Conversion } from './convert-column.ts'
import { foreignKey, hasIndex, indexesOf, indexNames, storedFields } from './spec.ts'
import type { WantedIndex } from './spec.ts'

export interface StepColumn {
  readonly field: FieldDef
  readonly references?: ForeignKeySpec
}

/** What to do to the tables, in order. Dialect-neutral; nothing in it changes or drops a column that the catalog still knows. */
export type TableStep =
  | { readonly kind: 'createTable'; readonly table: string; readonly columns: readonly StepColumn[] }
  | { readonly kind: 'addColumn'; readonly table: string; readonly column: StepColumn }
  | {
      readonly kind: 'addForeignKey'
      readonly table: string
      readonly column: string
      readonly references: ForeignKeySpec
    }
  | ({ readonly kind: 'convertColumn' } & Conversion)
  | { readonly kind: 'createIndex'; readonly index: WantedIndex }
  | { readonly kind: 'dropIndex'; readonly table: string; readonly name: string }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }
  | { readonly kind: 'emptyTable'; readonly table: string }
  | { readonly kind: 'dropTable'; readonly table: string }

const ORDER: readonly TableStep['kind'][] = [
  'dropColumn',
  'createTable',
  'addColumn',
  'addForeignKey',
  'convertColumn',
  'dropIndex',
  'createIndex',
  'emptyTable',
  'dropTable',
]

const inOrder = (steps: TableStep[]): TableStep[] => steps.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))

/**
 * The steps that take the tables of one catalog to those of the next; pure, keyed on ids, so that a rename gives none. What is deleted in the metadata
 * keeps its table or column (see purgeSteps); only former columns make room for others (see column-limit.ts). Throws when a field's storage changed but its column did not: a type change must come with a new column.
 */
export function tableSteps(before: Catalog | undefined, after: Catalog): TableStep[] {
  return inOrder([
    ...(before ? droppedColumns(before, after) : []),
    ...[...after.objects.values()].flatMap((object) => objectSteps(before, object, after)),
  ])
}

/** Former columns that a field keeps no longer: they make room for others. */
function droppedColumns(before: Catalog, after: Catalog): TableStep[] {
  const kept = new Map(fieldsOf(after).map((field) => [field.id, columnsOfDocument(field)]))
  return fieldsOf(before).flatMap((field) => {
    const table = before.object(field.name.split('.')[0]!)?.table
    const gone = (field.formerColumns ?? []).filter(({ column }) => kept.get(field.id)?.includes(column) === false)
    return table ? gone.map(({ column }): TableStep => ({ kind: 'dropColumn', table, column })) : []
  })
}

const fieldsOf = (catalog: Catalog): FieldDocument[] => allDocuments(catalog).filter((d) => d.kind === 'Field')
const columnsOfDocument = ({ physicalName, formerColumns = [] }: FieldDocument): (string | undefined)[] => [
  physicalName,
  ...formerColumns.map(({ column }) => column),
]

/** The steps that take indexes as an earlier version of this program made them to those of this one; tables that are missing are the doctor's. */
export async function indexSteps(reader: DialectReader, catalog: Catalog): Promise<TableStep[]> {
  const shapes = await inspect(reader, reader.dialect)
  return inOrder(
    [...catalog.objects.values()].flatMap((object) => {
      const shape = shapes.get(object.table)
      return shape ? staleIndexes(object, shape) : []
    }),
  )
}

function staleIndexes(object: ObjectDef, shape: TableShape): TableStep[] {
  const wanted = storedFields(object).flatMap((field) => indexesOf(object, field))
  const [ours, names] = [indexNames(object), new Set(wanted.map((index) => index.name))]
  const stale = [...shape.indexes.keys()].filter((name) => ours.has(name) && !names.has(name))
  return [
    ...stale.map((name): TableStep => ({ kind: 'dropIndex', table: object.table, name })),
    ...wanted.filter((index) => !hasIndex(shape, index)).map(createIndex),
  ]
}

function objectSteps(catalog: Catalog | undefined, object: ObjectDef, after: Catalog): TableStep[] {
  const before = catalog?.objectById(object.id)
  const columns = storedFields(object).map((field) => stepColumn(after, field))
  if (!catalog || !before) {
    const indexes = columns.flatMap(({ field }) => indexesOf(object, field).map(createIndex))
    return [
      { kind: 'createTable', table: object.table, columns },
      ...columns.flatMap((c) => foreignKeySteps(object, c)),
      ...indexes,
    ]
  }
  return columns.flatMap((column) => fieldSteps(catalog, after, before, object, column))
}

const stepColumn = (catalog: Catalog, field: FieldDef): StepColumn => ({
  field,
  references: foreignKey(catalog, field),
})
const createIndex = (index: WantedIndex): TableStep => ({ kind: 'createIndex', index })
const foreignKeySteps = (object: ObjectDef, { field, references }: StepColumn): TableStep[] =>
  references ? [{ kind: 'addForeignKey', table: object.table, column: field.column!, references }] : []

function fieldSteps(from: Catalog, to: Catalog, before: ObjectDef, object: ObjectDef, column: StepColumn): TableStep[] {
  const { field } = column
  const old = before.fieldById(field.id)
  if (!old || !isStored(old) || old.column !== field.column) return newColumn(from, to, before, object, column)
  if (old.storage !== field.storage || (field.storage === 'decimal' && old.scale !== field.scale))
    throw new Error(`${object.name}.${field.name} changes from ${old.storage} to ${field.storage} but keeps its column`)
  return indexChanges(indexesOf(before, old), indexesOf(object, field))
}

function newColumn(from: Catalog, to: Catalog, before: ObjectDef, object: ObjectDef, column: StepColumn): TableStep[] {
  const { field } = column
  const old = before.fieldById(field.id)
  const convert: TableStep[] = old && isStored(old) ? [{ kind: 'convertColumn', object, from: endOf(from, old), to: endOf(to, field) }] : [] // prettier-ignore
  return [
    { kind: 'addColumn', table: object.table, column },
    ...foreignKeySteps(object, column),
    ...convert,
    ...(old && isStored(old) ? indexChanges(indexesOf(before, old), []) : []),
    ...indexesOf(object, field).map(createIndex),
  ]
}

function indexChanges(before: readonly WantedIndex[], after: readonly WantedIndex[]): TableStep[] {
  const isIn = (list: readonly WantedIndex[], { name, columns }: WantedIndex): boolean =>
    list.some((index) => index.name === name && index.columns.join() === columns.join())
  return [
    ...before
      .filter(({ name }) => !after.some((index) => index.name === name))
      .map(({ table, name }): TableStep => ({ kind: 'dropIndex', table, name })),
    ...after.filter((index) => !isIn(before, index)).map(createIndex),
  ]
}
