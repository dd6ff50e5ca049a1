import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compile, type FieldInfo, type Scope } from '#formula'
import { parseInstant, type Row, type Value } from '#util'
import { contextOf, rowScope, type FormulaRow } from '../formula/vectors/run.ts'
import { describeDatabases } from './databases.ts'
import { answersOf, evaluated, stored, type Source } from './formula-answers.ts'

/** The public rows once more: what stands in the class must give in each database what it gives when it is evaluated. */
const NOW = parseInstant('2020-04-26T18:10:23.000Z')!
const lines = gunzipSync(readFileSync(new URL('../formula/vectors/formula.jsonl.gz', import.meta.url))).toString('utf8').split('\n').filter(Boolean) // prettier-ignore
const rows = lines.map((line) => JSON.parse(line) as FormulaRow)

/** Rows of one formula over the same fields. */
const groups = [
  ...Map.groupBy(rows, (row) => JSON.stringify([row.formula, row.fields, row.nullAsZero, row.returnType])).values(),
]
const SCALE = 6
const CASTS: { readonly [type: string]: string } = { Number: `numeric(20, ${SCALE})`, Text: 'text COLLATE "C"', Picklist: 'text', MultiselectPicklist: 'text', Boolean: 'boolean', Date: 'date', DateTime: 'timestamptz(3)', Time: 'time(3)' } // prettier-ignore

/** A number column of the databases has so many digits; a row with more is left out. */
const fits = (value: Value): boolean => value === null || /^-?\d{1,9}(\.\d{1,6})?$/.test(String(value))

function normal(value: Value, type: string): Value | undefined {
  if (value === null || value === '') return null
  if (type === 'Number') return fits(value) ? Number(value) : undefined
  if (type === 'Date') return String(value).slice(0, 10)
  if (type !== 'DateTime') return value
  const at = parseInstant(String(value))
  return at === undefined ? undefined : new Date(at).toISOString()
}

interface Case {
  readonly fields: readonly FieldInfo[]
  readonly records: readonly Row[]
}

/** The records of a group in the form in which columns hold them. */
function caseOf(group: readonly FormulaRow[], scope: Scope): Case {
  const fields = group[0]!.fields.flatMap((field) => {
    const info = scope.resolve(field.name.split('.'))
    return info && !info.formula && CASTS[info.type] ? [info] : []
  })
  const records = group.flatMap((row) => {
    const { record } = contextOf(row)
    const values = fields.map(({ path, type }) => [path, normal(record[path] ?? null, type)] as const)
    return values.some(([, value]) => value === undefined) ? [] : [Object.fromEntries(values) as Row]
  })
  return { fields, records }
}

function sourceOf(dialect: 'sqlite' | 'postgres', { fields, records }: Case): Source {
  const params: ReturnType<typeof stored>[] = []
  const place = (value: ReturnType<typeof stored>, type: string): string => {
    const n = params.push(value)
    if (dialect === 'postgres') return `$${n}::${CASTS[type]}`
    return type === 'Number' ? `CAST(?${n} AS INTEGER)` : `?${n}`
  }
  const selects = records.map((record, id) => {
    const columns = fields.map(({ path, type }) => `${place(stored(dialect, type, SCALE, record[path] ?? null), type)} AS "${path}"`) // prettier-ignore
    return `SELECT ${[`${id} AS id`, ...columns].join(', ')}`
  })
  return { text: `(${selects.join(' UNION ALL ')})`, params }
}

/** Every number with the digits that the columns have. */
const narrowed = (row: FormulaRow): FormulaRow => ({
  ...row,
  fields: row.fields.map((field) => ({ ...field, scale: SCALE, precision: 15 })),
})

describeDatabases('formula SQL equals evaluation on the public rows', (open) => {
  test('all that is in the class', async () => {
    const database = await open()
    const found: string[] = []
    let compared = 0
    for (const group of groups) {
      const [row] = group as [FormulaRow]
      const scope = rowScope(narrowed(row))
      const { formula } = compile(row.formula, { scope, blanks: row.nullAsZero ? 'zero' : 'blank', scale: 2 })
      const one = caseOf(group, scope)
      if (
        !formula ||
        formula.paths.some((path) => path.startsWith('$') || !one.fields.some((field) => field.path === path))
      )
        continue
      if (one.records.length === 0) continue
      const all = await answersOf(database, formula, sourceOf(database.dialect, one), { now: new Date(NOW).toISOString(), today: '2020-04-26' }) // prettier-ignore
      all?.forEach((answer, i) => {
        compared++
        const wanted = evaluated(formula, one.records[i]!, NOW)
        if (JSON.stringify(answer) !== JSON.stringify(wanted))
          found.push(`${row.formula} on ${JSON.stringify(one.records[i])}: evaluation ${JSON.stringify(wanted)}, SQL ${JSON.stringify(answer)}`) // prettier-ignore
      })
    }
    expect(found.slice(0, 10)).toEqual([])
    expect(compared).toBeGreaterThan(2_000)
  }, 60_000)
})
