/** What a change of metadata means for the rows that are there: asked before it is applied, reads only. */
import { placeholders, quote } from '#database'
import type { SqlValue } from '#database'
import type { Catalog, FieldDef, FieldOn, ObjectDef } from '#metadata'
import type { Finding } from '#util'
import { columnSql, encode, isStored } from '../codec.ts'
import type { DialectReader } from '../write/read.ts'
import { conversionFailures } from './convert-column.ts'
import { columnOf } from './spec.ts'

/** One field of one object, before and after; `before` is absent for a new one. */
interface Change {
  readonly reader: DialectReader
  readonly object: ObjectDef
  readonly before: FieldDef | undefined
  readonly field: FieldDef
  readonly shows: Shows
  /** The objects whose tables are there. */
  readonly tables: Catalog
}

/** Whether whoever asks may see values of a field. */
export type Shows = (on: FieldOn) => boolean

/**
 * Errors: the change can't be applied (values that must be unique are not). Warnings: what would be lost or is against the new rule, with the number of records.
 * Deleted records count as well where they could come back.
 */
export async function checkData(
  reader: DialectReader,
  before: Catalog,
  after: Catalog,
  shows: Shows = () => true,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const object of before.objects.values()) {
    const next = after.objectById(object.id)
    if (next) findings.push(...(await checkObject({ reader, object, shows, tables: before }, next)))
    else findings.push(...(await deletedObject(reader, object)))
  }
  return findings
}

async function checkObject(on: Omit<Change, 'before' | 'field'>, after: ObjectDef): Promise<Finding[]> {
  const { reader, object: before } = on
  const findings: Finding[] = []
  for (const field of before.fields.filter((f) => isStored(f) && f.origin === 'declared'))
    if (!after.fieldById(field.id)) findings.push(...(await deletedField(reader, before, field)))
  for (const field of after.fields.filter(isStored)) {
    const change: Change = { ...on, before: before.fieldById(field.id), field }
    for (const check of CHECKS) findings.push(...(await check(change)))
  }
  return findings
}

const records = (n: number): string => (n === 1 ? '1 record' : `${n.toLocaleString('en')} records`)
const nameOf = ({ object, field }: Change): string => `${object.name}.${field.name}`
const warning = (code: string, message: string, hint: string): Finding[] => [
  { code, severity: 'warning', message, hint },
]
const KEPT = 'The data is kept for 15 days; until then it can be restored.'

async function count(
  reader: DialectReader,
  object: ObjectDef,
  condition: string,
  params: readonly SqlValue[] = [],
): Promise<number> {
  const row = await reader.get<{ n: number | string }>(
    `SELECT count(*) AS n FROM ${quote(object.table)} t WHERE ${condition}`,
    params,
  )
  return Number(row!.n)
}

async function deletedObject(reader: DialectReader, object: ObjectDef): Promise<Finding[]> {
  const n = await count(reader, object, '1 = 1')
  return n === 0 ? [] : warning('DATA_LOSS', `${object.name} has ${records(n)}.`, KEPT)
}

async function deletedField(reader: DialectReader, object: ObjectDef, field: FieldDef): Promise<Finding[]> {
  const column = field.storage === 'geo' ? `t.${quote(`${field.column}_lat`)}` : columnSql(field, 't')
  const filled =
    field.storage === 'boolean' ? (reader.dialect === 'sqlite' ? `${column} = 1` : column) : `${column} IS NOT NULL`
  const n = await count(reader, object, filled)
  return n === 0 ? [] : warning('DATA_LOSS', `${object.name}.${field.name} has a value in ${records(n)}.`, KEPT)
}

async function newlyRequired({ reader, object, before, field }: Change): Promise<Finding[]> {
  if (
    !field.required ||
    before?.required ||
    field.storage === 'boolean' ||
    field.storage === 'geo' ||
    field.origin !== 'declared'
  )
    return []
  const live = `t.${quote(columnOf(object, 'IsDeleted'))} = ${reader.dialect === 'sqlite' ? '0' : 'false'}`
  const blank = before && isStored(before) ? `${columnSql(before, 't')} IS NULL` : '1 = 1'
  const n = await count(reader, object, `${live} AND ${blank}`)
  if (n === 0) return []
  return warning(
    'BLANK_REQUIRED',
    `${object.name}.${field.name} will be required and is blank in ${records(n)}.`,
    'They stay as they are; whoever saves one next must fill it in.',
  )
}

async function newlyUnique(change: Change): Promise<Finding[]> {
  const { reader, object, before, field } = change
  if (!field.unique || !before || before.unique || before.column !== field.column) return []
  const column = columnSql(field, 't')
  const live = `t.${quote(columnOf(object, 'IsDeleted'))} = ${reader.dialect === 'sqlite' ? '0' : 'false'}`
  const twice = `SELECT 1 FROM ${quote(object.table)} t WHERE ${column} IS NOT NULL AND ${live} GROUP BY ${column} HAVING count(*) > 1`
  const row = await reader.get<{ n: number | string }>(`SELECT count(*) AS n FROM (${twice}) d`)
  const n = Number(row!.n)
  if (n === 0) return []
  const message = `${nameOf(change)} can’t be unique: ${n === 1 ? '1 value stands' : `${n} values stand`} in more than one record.`
  return [{ code: 'NOT_UNIQUE', severity: 'error', message, hint: 'Change or delete the doubles first.' }]
}

async function converted(change: Change): Promise<Finding[]> {
  const { reader, object, before, field } = change
  if (!before || !isStored(before) || before.column === field.column) return []
  const { count: n, samples } = await conversionFailures(reader, reader.dialect, object, before, field)
  if (n === 0) return []
  const shown = samples
    .slice(0, 3)
    .map(({ value }) => `“${typeof value === 'string' ? value : JSON.stringify(value)}”`)
    .join(', ')
  return warning(
    'NOT_CONVERTED',
    `The value of ${nameOf(change)} does not convert in ${records(n)}${change.shows({ object, field: before }) ? `, e.g. ${shown}` : ''}.`,
    'These become blank; correct them first, or accept it.',
  )
}

async function shortened(change: Change): Promise<Finding[]> {
  const { reader, object, before, field } = change
  if (
    field.storage !== 'text' ||
    !before ||
    before.column !== field.column ||
    !field.length ||
    field.length >= (before.length ?? Infinity)
  )
    return []
  const n = await count(reader, object, `length(${columnSql(field, 't')}) > ${placeholders(reader.dialect, 1)}`, [
    field.length,
  ])
  return n === 0
    ? []
    : warning(
        'TOO_LONG',
        `${nameOf(change)} is longer than ${field.length} characters in ${records(n)}.`,
        'They stay as they are; whoever saves one next must shorten it.',
      )
}

async function narrowed(change: Change): Promise<Finding[]> {
  const { reader, object, before, field } = change
  const numeric = field.storage === 'integer' || field.storage === 'decimal'
  if (!numeric || !before || before.column !== field.column || field.precision >= before.precision) return []
  const limit = encode(reader.dialect, { ...field, precision: 18 }, `1${'0'.repeat(field.precision - field.scale)}`)
  const n = await count(reader, object, `abs(${columnSql(field, 't')}) >= ${placeholders(reader.dialect, 1)}`, [limit])
  return n === 0
    ? []
    : warning(
        'TOO_LARGE',
        `${nameOf(change)} has more digits in ${records(n)}.`,
        'They stay as they are; whoever saves one next must correct it.',
      )
}

/** Values that a restricted picklist does not list any more. */
async function unlisted(change: Change): Promise<Finding[]> {
  const { reader, object, before, field } = change
  if (field.type !== 'Picklist' || !field.picklist?.restricted || !before || before.column !== field.column) return []
  const values = field.picklist.values.map((v) => v.value)
  const had = new Set(before.picklist?.values.map((v) => v.value))
  if (before.picklist?.restricted && [...had].every((value) => values.includes(value))) return []
  const column = columnSql(field, 't')
  const n = await count(
    reader,
    object,
    `${column} IS NOT NULL AND ${column} NOT IN (${placeholders(reader.dialect, values.length) || 'NULL'})`,
    values,
  )
  return n === 0
    ? []
    : warning(
        'UNLISTED_VALUE',
        `${nameOf(change)} has a value that the picklist no longer lists in ${records(n)}.`,
        'They keep it; whoever saves one next must choose another.',
      )
}

/** A detail without a master is seen by nobody: such records must be given one, or go, before the field becomes a master-detail. */
async function orphaned(change: Change): Promise<Finding[]> {
  const { reader, object, before, field, tables } = change
  const master = field.reference?.masterDetail ? tables.object(field.reference.to[0]!) : undefined
  if (!master || before?.reference?.masterDetail) return []
  const alive = (alias: string, of: ObjectDef): string => `NOT ${alias}.${quote(columnOf(of, 'IsDeleted'))}`
  const found = `SELECT 1 FROM ${quote(master.table)} m WHERE m.${quote(columnOf(master, 'Id'))} = ${before ? columnSql(before, 't') : 'NULL'} AND ${alive('m', master)}`
  const n = await count(reader, object, `${alive('t', object)} AND NOT EXISTS (${found})`)
  if (n === 0) return []
  return [
    {
      code: 'NO_MASTER',
      severity: 'error',
      message: `${nameOf(change)} can’t be a master-detail field: ${records(n)} ${n === 1 ? 'has' : 'have'} no ${master.label} there, and nobody would see ${n === 1 ? 'it' : 'them'} any more.`,
      hint: before
        ? `Find them by filtering ${object.pluralLabel} for a blank ${field.label}, and give each a ${master.label} or delete it.`
        : `Add it as a Lookup, fill it in everywhere, and make it a MasterDetail then.`,
    },
  ]
}

const CHECKS: readonly ((change: Change) => Promise<Finding[]>)[] = [
  newlyRequired,
  newlyUnique,
  converted,
  shortened,
  narrowed,
  unlisted,
  orphaned,
]
