/** Which values a change of a field would lose, or leave where the new rule does not allow them. */
import { placeholders } from '#database'
import type { SqlValue } from '#database'
import { columnSql, encode, isStored } from '../codec.ts'
import { convertValue } from './convert.ts'
import { conversionReport, endOf } from './convert-column.ts'
import { affectedBy, examplesOf, nameOf, quoted, records, warning, type DataChange, type DataReport } from './data-report.ts' // prettier-ignore

/** A field that gets another column: what becomes of its values there. */
export async function converted(change: DataChange, { findings, losses }: DataReport): Promise<void> {
  const { reader, object, before, field, tables, next } = change
  if (!before || !isStored(before) || before.column === field.column) return
  const [from, to] = [endOf(tables, before), endOf(next, field)]
  const { blank, altered, newer, repeated } = await conversionReport(reader, { object, from, to })
  const name = nameOf(change)
  const misfit = before.type === field.type ? 'does not fit' : `is no ${field.type}`
  if (blank.count > 0)
    losses.push(`${name} becomes blank in ${records(blank.count)} whose value ${misfit}${examplesOf(change, blank)}.`)
  const becomes = (value: Parameters<typeof quoted>[0]): string => `${quoted(value)} becomes ${quoted(convertValue(value, to) ?? null)}` // prettier-ignore
  if (altered.count > 0)
    losses.push(`${name} would not be quite the same in ${records(altered.count)}${examplesOf(change, altered, becomes)}.`) // prettier-ignore
  if (newer.count > 0)
    findings.push(warning('CHANGED_SINCE', `${name} holds another value than then in ${records(newer.count)}, where the present one is converted${examplesOf(change, newer)}.`, 'All others get back what they had.')) // prettier-ignore
  if (repeated.count > 0)
    findings.push({ code: 'NOT_UNIQUE', severity: 'error', message: `${name} can’t be unique: ${records(repeated.count)} would repeat the value of another${examplesOf(change, repeated)}.`, hint: 'Correct these records first.' }) // prettier-ignore
}

/** What an ordinary condition finds in a column that stays: these values are kept and are against the new rule. */
interface Stay {
  readonly condition: string
  readonly params: readonly SqlValue[]
  readonly text: (count: string) => string
  readonly hint: string
}

const staying =
  (find: (change: DataChange) => Stay | undefined) =>
  async (change: DataChange, { losses }: DataReport): Promise<void> => {
    if (!change.before || !isStored(change.before) || change.before.column !== change.field.column) return
    const stay = find(change)
    if (!stay) return
    const affected = await affectedBy(change, stay.condition, stay.params)
    if (affected.count > 0)
      losses.push(`${stay.text(records(affected.count))}${examplesOf(change, affected)}. ${stay.hint}`)
  }

export const shortened = staying((change) => {
  const { reader, before, field } = change
  if (field.storage !== 'text' || !field.length || field.length >= (before?.length ?? Infinity)) return undefined
  return {
    condition: `length(${columnSql(field, 't')}) > ${placeholders(reader.dialect, 1)}`,
    params: [field.length],
    text: (n) => `${nameOf(change)} is longer than ${field.length} characters in ${n}`,
    hint: 'They stay as they are; whoever saves one next must shorten it.',
  }
})

export const narrowed = staying((change) => {
  const { reader, before, field } = change
  const numeric = field.storage === 'integer' || field.storage === 'decimal'
  if (!numeric || !before || field.precision >= before.precision) return undefined
  const limit = encode(reader.dialect, { ...field, precision: 18 }, `1${'0'.repeat(field.precision - field.scale)}`)
  return {
    condition: `abs(${columnSql(field, 't')}) >= ${placeholders(reader.dialect, 1)}`,
    params: [limit],
    text: (n) => `${nameOf(change)} has more digits in ${n}`,
    hint: 'They stay as they are; whoever saves one next must correct it.',
  }
})

/** Values that a restricted picklist does not list any more. */
export const unlisted = staying((change) => {
  const { reader, before, field } = change
  if (field.type !== 'Picklist' || !field.picklist?.restricted) return undefined
  const values = field.picklist.values.map((v) => v.value)
  const had = before?.picklist?.values.map((v) => v.value) ?? []
  if (before?.picklist?.restricted && had.every((value) => values.includes(value))) return undefined
  const column = columnSql(field, 't')
  return {
    condition: `${column} IS NOT NULL AND ${column} NOT IN (${placeholders(reader.dialect, values.length) || 'NULL'})`,
    params: values,
    text: (n) => `${nameOf(change)} has a value that the picklist no longer lists in ${n}`,
    hint: 'They keep it; whoever saves one next must choose another.',
  }
})

/** Ids of objects that a reference to several may not name any more. */
export const untargeted = staying((change) => {
  const { reader, before, field, next } = change
  if (!before?.reference || !field.reference || field.reference.any) return undefined
  if (!before.reference.any && before.reference.to.every((name) => field.reference?.to.includes(name))) return undefined
  const { prefixes = [] } = endOf(next, field)
  return {
    condition: `substr(${columnSql(field, 't')}, 1, 3) NOT IN (${placeholders(reader.dialect, prefixes.length) || 'NULL'})`,
    params: prefixes,
    text: (n) => `${nameOf(change)} names a record of an object that it may not refer to any more in ${n}`,
    hint: 'They lead nowhere until the reference allows that object again; whoever saves one next must choose another.',
  }
})
