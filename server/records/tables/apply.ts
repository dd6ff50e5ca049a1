import { ddl, inspect, quote, rewriteTable } from '#database'
import type { Dialect, TableShape, Transaction } from '#database'
import { columnSpecs, hasIndex, indexSpec } from './spec.ts'
import type { WantedIndex } from './spec.ts'
import type { StepColumn, TableStep } from './steps.ts'
import { convertColumn } from './convert-column.ts'

type Shapes = ReadonlyMap<string, TableShape>
type StepOf<K extends TableStep['kind']> = Extract<TableStep, { kind: K }>

const specs = (dialect: Dialect, { field, references }: StepColumn) => columnSpecs(dialect, field, references)

/**
 * Runs the steps in the transaction. What is there already is left alone, so that restoring a deleted field, switching processes on
 * again and taking up work that was cut short are no special cases.
 */
export async function applyTableSteps(tx: Transaction, steps: readonly TableStep[]): Promise<void> {
  if (steps.length === 0) return
  await settle(tx)
  const shapes = await inspect(tx, tx.dialect)
  const full = fullTables(tx.dialect, steps, shapes)
  for (const step of steps) {
    if (step.kind === 'addColumn' && full.delete(step.table)) await rewriteTable(tx, step.table)
    if (step.kind === 'convertColumn') {
      await convertColumn(tx, step)
      await settle(tx)
    } else for (const sql of statements(tx.dialect, step, shapes)) await tx.run(sql)
  }
}

/** Tables with no room for what is added, because dropped columns still count there. */
function fullTables(dialect: Dialect, steps: readonly TableStep[], shapes: Shapes): Set<string> {
  if (dialect === 'sqlite') return new Set()
  const added = steps.filter((step) => step.kind === 'addColumn')
  const tables = Map.groupBy(added, ({ table }) => table)
  const count = (list: typeof added): number => list.flatMap(({ table, column }) => addColumn(dialect, table, column, shapes)).length // prettier-ignore
  const isFull = ([table, list]: [string, typeof added]): boolean =>
    (shapes.get(table)?.columnsUsed ?? 0) + count(list) > ddl[dialect].mostColumns
  return new Set([...tables].filter(isFull).map(([table]) => table))
}

/** PostgreSQL alters no table that has foreign keys waiting to be checked; this checks them now. */
async function settle(tx: Transaction): Promise<void> {
  if (tx.dialect === 'sqlite') return
  await tx.run('SET CONSTRAINTS ALL IMMEDIATE')
  await tx.run('SET CONSTRAINTS ALL DEFERRED')
}

function statements(dialect: Dialect, step: Exclude<TableStep, StepOf<'convertColumn'>>, shapes: Shapes): string[] {
  const print = ddl[dialect]
  switch (step.kind) {
    case 'createTable':
      return createTable(dialect, step, shapes)
    case 'addColumn':
      return addColumn(dialect, step.table, step.column, shapes)
    case 'addForeignKey':
      return addForeignKey(dialect, step, shapes)
    case 'createIndex':
      return createIndex(dialect, step.index, shapes.get(step.index.table))
    case 'dropIndex':
      return shapes.get(step.table)?.indexes.has(step.name) ? [print.dropIndex(step.name)] : []
    case 'dropColumn':
      return dropColumn(dialect, step, shapes)
    case 'emptyTable':
      // SQLite checks foreign keys when it drops a table, rows of other dropped tables included; PostgreSQL drops the keys along.
      return shapes.has(step.table) && dialect === 'sqlite' ? [`DELETE FROM ${quote(step.table)}`] : []
    case 'dropTable':
      return shapes.has(step.table) ? [print.dropTable(step.table)] : []
  }
}

function createTable(dialect: Dialect, { table, columns }: StepOf<'createTable'>, shapes: Shapes): string[] {
  if (shapes.has(table)) return columns.flatMap((column) => addColumn(dialect, table, column, shapes))
  return [ddl[dialect].createTable({ name: table, columns: columns.flatMap((column) => specs(dialect, column)) })]
}

function addColumn(dialect: Dialect, table: string, column: StepColumn, shapes: Shapes): string[] {
  const there = shapes.get(table)?.columns
  return specs(dialect, column)
    .filter(({ name }) => !there?.has(name))
    .map((spec) => ddl[dialect].addColumn(table, spec))
}

function addForeignKey(
  dialect: Dialect,
  { table, column, references }: StepOf<'addForeignKey'>,
  shapes: Shapes,
): string[] {
  if (shapes.get(table)?.foreignKeys.has(column)) return []
  return [ddl[dialect].addForeignKey(table, column, references)].filter((sql) => sql !== undefined)
}

/** One of the same name over other columns was made by an earlier version of this program. */
function createIndex(dialect: Dialect, index: WantedIndex, shape: TableShape | undefined): string[] {
  if (hasIndex(shape, index)) return []
  const old = shape?.indexes.has(index.name) ? [ddl[dialect].dropIndex(index.name)] : []
  return [...old, ddl[dialect].createIndex(indexSpec(dialect, index))]
}

/** SQLite does not drop a column that an index holds. */
function dropColumn(dialect: Dialect, { table, column }: StepOf<'dropColumn'>, shapes: Shapes): string[] {
  const shape = shapes.get(table)
  if (!shape?.columns.has(column)) return []
  const indexes = [...shape.indexes]
    .filter(([, columns]) => columns.includes(column))
    .map(([name]) => ddl[dialect].dropIndex(name))
  return [...indexes, ddl[dialect].dropColumn(table, column)]
}
