/** What a change of metadata means for the rows that are there: asked before it is applied, reads only. */
import { quote } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import { columnSql, isStored } from '../codec.ts'
import type { DialectReader } from '../write/read.ts'
import { columnOf, physicalColumns, uniqueColumns } from './spec.ts'
import { converted, narrowed, shortened, unlisted, untargeted } from './data-losses.ts'
import { affectedBy, count, examplesOf, isLive, nameOf, records, warning, type DataChange, type DataReport, type Shows } from './data-report.ts' // prettier-ignore

/** Deleted records count as well where they could come back. Examples of values are for those who may read the field. */
export async function checkData(
  reader: DialectReader,
  before: Catalog,
  next: Catalog,
  shows: Shows = () => true,
): Promise<DataReport> {
  const report: DataReport = { findings: [], losses: [] }
  for (const object of before.objects.values()) {
    const after = next.objectById(object.id)
    if (!after) await deletedObject(reader, object, report)
    else
      for (const change of changesOf({ reader, object, tables: before, next, shows }, after))
        await checkChange(change, report)
  }
  return report
}

/** A field that is gone stands for itself. */
type FieldChange = DataChange & { readonly gone: boolean }
type Change = Omit<DataChange, 'before' | 'field'>

function changesOf(change: Change, after: ObjectDef): FieldChange[] {
  const { object } = change
  const gone = object.fields
    .filter((f) => isGone(f, after))
    .map((f) => ({ ...change, before: f, field: f, gone: true }))
  const there = after.fields.filter(isStored)
  return [...gone, ...there.map((field) => ({ ...change, before: object.fieldById(field.id), field, gone: false }))]
}

const isGone = (field: FieldDef, after: ObjectDef): boolean =>
  isStored(field) && field.origin === 'declared' && field.type !== 'RollupSummary' && !after.fieldById(field.id)

async function checkChange(change: FieldChange, report: DataReport): Promise<void> {
  for (const check of change.gone ? [deletedField] : CHECKS) await check(change, report)
}

const GONE = 'hidden now and gone after 15 days'

async function deletedObject(reader: DialectReader, object: ObjectDef, { losses }: DataReport): Promise<void> {
  const n = await count(reader, object, '1 = 1')
  if (n > 0) losses.push(`${object.name} is deleted with ${records(n)}, which are ${GONE}.`)
}

async function deletedField(change: DataChange, { losses }: DataReport): Promise<void> {
  const { reader, field } = change
  const column = field.storage === 'geo' ? `t.${quote(`${field.column}_lat`)}` : columnSql(field, 't')
  const isTrue = reader.dialect === 'sqlite' ? `${column} = 1` : column
  const filled = await affectedBy(change, field.storage === 'boolean' ? isTrue : `${column} IS NOT NULL`)
  if (filled.count > 0)
    losses.push(`The values of ${nameOf(change)} in ${records(filled.count)} are ${GONE}${examplesOf(change, filled)}.`)
}

const neverBlank = ({ storage, origin }: FieldDef): boolean =>
  storage === 'boolean' || storage === 'geo' || origin !== 'declared'

async function newlyRequired(change: DataChange, { findings }: DataReport): Promise<void> {
  const { reader, object, before, field } = change
  if (!field.required || before?.required || neverBlank(field)) return
  const blank = before && isStored(before) ? `${columnSql(before, 't')} IS NULL` : '1 = 1'
  const n = await count(reader, object, `${isLive(reader, object)} AND ${blank}`)
  if (n > 0)
    findings.push(warning('BLANK_REQUIRED', `${nameOf(change)} will be required and is blank in ${records(n)}.`, 'They stay as they are; whoever saves one next must fill it in.')) // prettier-ignore
}

async function newlyUnique(change: DataChange, { findings }: DataReport): Promise<void> {
  const { reader, object, before, field, next } = change
  const columns = uniqueColumns(next.objectById(object.id)!, field)
  if (!columns || !before || uniqueColumns(object, before)?.join() === columns.join()) return
  if (field.unique && before.column !== field.column) return
  const there = new Set(physicalColumns(object))
  if (!columns.every((column) => there.has(column)))
    return void findings.push({ code: 'NOT_UNIQUE', severity: 'error', message: `${nameOf(change)} can’t be unique with ${field.uniqueWith} while one of them changes its type.`, hint: 'Change the type first, and say `uniqueWith` afterwards.' }) // prettier-ignore
  const [filled, group] = [columns.map((c) => `t.${quote(c)} IS NOT NULL`).join(' AND '), columns.map((c) => `t.${quote(c)}`).join(', ')] // prettier-ignore
  const twice = `SELECT 1 FROM ${quote(object.table)} t WHERE ${filled} AND ${isLive(reader, object)} GROUP BY ${group} HAVING count(*) > 1`
  const n = Number((await reader.get<{ n: number | string }>(`SELECT count(*) AS n FROM (${twice}) d`))!.n)
  if (n === 0) return
  const message = `${nameOf(change)} can’t be unique: ${n === 1 ? '1 value stands' : `${n} values stand`} in more than one record.`
  findings.push({ code: 'NOT_UNIQUE', severity: 'error', message, hint: 'Change or delete the doubles first.' })
}

/** A detail without a master is seen by nobody: such records must be given one, or go, before the field becomes a master-detail. */
async function orphaned(change: DataChange, { findings }: DataReport): Promise<void> {
  const { reader, object, before, field, tables } = change
  const master = field.reference?.masterDetail ? tables.object(field.reference.to[0]!) : undefined
  if (!master || before?.reference?.masterDetail) return
  const alive = (alias: string, of: ObjectDef): string => `NOT ${alias}.${quote(columnOf(of, 'IsDeleted'))}`
  const found = `SELECT 1 FROM ${quote(master.table)} m WHERE m.${quote(columnOf(master, 'Id'))} = ${before ? columnSql(before, 't') : 'NULL'} AND ${alive('m', master)}`
  const n = await count(reader, object, `${alive('t', object)} AND NOT EXISTS (${found})`)
  if (n === 0) return
  findings.push({
    code: 'NO_MASTER',
    severity: 'error',
    message: `${nameOf(change)} can’t be a master-detail field: ${records(n)} ${n === 1 ? 'has' : 'have'} no ${master.label} there, and nobody would see ${n === 1 ? 'it' : 'them'} any more.`,
    hint: before
      ? `Find them by filtering ${object.pluralLabel} for a blank ${field.label}, and give each a ${master.label} or delete it.`
      : `Add it as a Lookup, fill it in everywhere, and make it a MasterDetail then.`,
  })
}

const CHECKS = [newlyRequired, newlyUnique, converted, shortened, narrowed, unlisted, untargeted, orphaned]
