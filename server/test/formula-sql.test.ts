import { beforeAll, describe, expect, test } from 'vitest'
import {
  compile,
  scopeOf,
  toSql,
  type CompiledFormula,
  type FieldInfo,
  type PlainField,
  type FormulaOptions,
  type SqlEnvironment,
} from '#formula'
import type { Database, SqlValue } from '#database'
import { formatInstant, parseInstant, type Row, type Value } from '#util'
import { describeDatabases } from './databases.ts'
import { answersOf, evaluated, stored } from './formula-answers.ts'

/** The closure is the truth: on every row each database must give the same value, or an error where it gives one. */
const NOW = parseInstant('2026-03-15T10:30:00.250Z')!
const TODAY = '2026-03-15'

interface Column {
  readonly field: FieldInfo
  readonly name: string
  readonly sqlite: string
  readonly postgres: string
  readonly values: readonly Value[]
}

const column = (
  name: string,
  type: FieldInfo['type'],
  sqlite: string,
  postgres: string,
  values: readonly Value[],
  more: Partial<FieldInfo> = {},
): Column => ({
  field: { path: name, type, nullable: type !== 'Boolean', hops: 0, ...more },
  name,
  sqlite,
  postgres,
  values,
})

const INSTANTS = ['2026-03-15T10:30:00.250Z', '2026-03-15T05:30:00.250Z', '2026-03-14T10:30:00.249Z', '1999-12-31T23:59:59.999Z', '2024-02-29T12:00:00.000Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', null] // prettier-ignore
const DATES = ['2026-03-15', '2026-03-10', '2024-02-29', '1900-01-01', '0001-01-01', '9999-12-31', '2000-12-31', null]
const TEXTS = [
  'a',
  'A',
  'ab',
  'b',
  "it's",
  'Ünder',
  '\u{1F600}',
  'b\u{1F600}a\u{1F600}b',
  '\uFFFD',
  '100%',
  'a_b',
  ' a b\t',
  '*?[x]\\',
  'abcabc',
  null,
]

const COLUMNS: readonly Column[] = [
  column('Amount', 'Number', 'INTEGER', 'numeric(18,2)', [0, 1, -1, 0.01, 99.99, -2.5, 2.5, 1234.56, 100000, null], {
    scale: 2,
    precision: 12,
  }),
  column('Other', 'Number', 'INTEGER', 'numeric(18,3)', [0, 2, -0.005, 0.005, 7.125, -7.125, 3, 100, null], {
    scale: 3,
    precision: 9,
  }),
  column('Count', 'Number', 'INTEGER', 'bigint', [0, 1, 2, 3, -4, 7, 1000, null], { scale: 0, precision: 9 }),
  column('Share', 'Number', 'INTEGER', 'numeric(18,1)', [0, 50, 12.5, 100, -20, null], {
    scale: 1,
    precision: 5,
    percent: true,
  }),
  column('Open', 'Boolean', 'INTEGER', 'boolean', [true, false]),
  column('Late', 'Boolean', 'INTEGER', 'boolean', [true, false, null], { nullable: true }),
  column('Name', 'Text', 'TEXT', 'text', TEXTS),
  column('Title', 'Text', 'TEXT', 'text', TEXTS),
  column('Status', 'Picklist', 'TEXT', 'text', ['New', 'Working', 'Closed', null]),
  column('Tags', 'MultiselectPicklist', 'TEXT', 'text', [['Red'], ['Red', 'Blue'], ['Dark Red'], null]),
  column('Due', 'Date', 'TEXT', 'date', DATES),
  column('Start', 'Date', 'TEXT', 'date', DATES),
  column('Created', 'DateTime', 'TEXT', 'timestamptz(3)', INSTANTS),
  column('Closed', 'DateTime', 'TEXT', 'timestamptz(3)', INSTANTS),
  column('Opens', 'Time', 'TEXT', 'time(3)', ['08:00:00.000', '17:30:00.500', null]),
]

const fields = COLUMNS.map((one) => one.field)
const baseScope = scopeOf('Thing', fields)
const sub = (source: string): CompiledFormula => compile(source, { scope: baseScope }).formula!
const scope = scopeOf('Thing', [
  ...fields,
  { path: 'IsBig', type: 'Boolean', formula: sub('Amount > 1000 || Late'), formulaPrefix: '' },
  { path: 'Total', type: 'Number', formula: sub('Amount * 2 + Other'), formulaPrefix: '' },
  { path: 'Ratio', type: 'Number', formula: sub('IF(Count > 1, Amount / Count, Other)'), formulaPrefix: '' },
  { path: 'Label', type: 'Text', formula: sub('LEFT(Name, 3) & "-" & TEXT(Count)'), formulaPrefix: '' },
  { path: 'MaybeOver', type: 'Number', formula: sub('IF(Open, Amount, NULL)'), formulaPrefix: '' },
])

/** Small and steady pseudo-random numbers. */
function randoms(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const next = randoms(7)
const pick = <T>(list: readonly T[], random = next): T => list[Math.floor(random() * list.length)]!
const ROWS = Array.from(
  { length: 150 },
  () => Object.fromEntries(COLUMNS.map((one) => [one.name, pick(one.values)])) as Record<string, Value>,
)

const HAND = [
  'AND(ISPICKVAL(Status,"New"), NOT(Open))', 'NOT(ISPICKVAL(Status,"New"))', 'ISPICKVAL(Status,"")', 'NOT(AND(Late, Open))', 'Late = Open', 'NOT(Amount > Other)', 'Amount = 0', 'Amount <> 0', 'Amount < 1', '5 > Amount',
  'Amount*1.05 > 100', 'Amount + Other = 2', 'Amount * Other', 'Amount - Count', 'Amount / 4', 'Amount / -8', '-Amount', 'Share', 'Share * 100 > 12', 'Share = 0.5', 'ROUND(Amount, 1)', 'ROUND(Amount * 0.5)', 'TRUNC(Other, 2)', 'ROUND(Other / 3, 2)',
  'CEILING(Amount)', 'FLOOR(Amount)', 'MCEILING(Other)', 'MFLOOR(Other)', 'ABS(Other)', 'MAX(Amount, Other, Count)', 'MIN(Amount, Other)', 'MOD(Count, 3)', 'MOD(Amount, Count)', 'MOD(Amount, Other)', 'IF(Count = 0, 0, MOD(Amount, Count))', 'OR(Count = 0, MOD(Amount, Count) > 1)',
  'AND(Count <> 0, MOD(7, Count) = 1)', 'Name = Title', 'Name <> Title', 'Name = "a"', '"a" <> Name', 'Name = ""', 'Name < Title', 'Name >= "a"', 'NOT(Name < "b")', 'Name & Title', 'Name & "x" & Title = "axb"', 'BEGINS(Name, "a")', 'CONTAINS(Name, Title)', 'NOT(CONTAINS(Name, "b"))', 'SUBSTITUTE(Name, "a", "zz")', 'SUBSTITUTE(Name, Title, "")',
  'ISBLANK(Name)', 'ISBLANK(Amount)', 'ISBLANK(Due)', 'ISNULL(Name)', 'ISNULL(Due)', 'ISBLANK(Due - Start)', 'BLANKVALUE(Name, "none")', 'BLANKVALUE(Due, Start)', 'NULLVALUE(Created, Closed)', 'NULLVALUE(Name, "x")', 'BLANKVALUE(MaybeOver, 3)', 'CASE(Status, "New", 1, "Working", 2.5, 0)', 'CASE(Status, "", "blank", "New", Name, "rest")', 'CASE(Name, "a", Title, "", "empty", "other")',
  'CASE(Count, 1, Amount, 2, Other, 0)', 'CASE(Amount, Other, 1, 2)', 'INCLUDES(Tags, "Red")', 'NOT(INCLUDES(Tags, "Blue"))', 'INCLUDES(Tags, "")', 'TEXT(Status) = "New"', 'TEXT(Status) & Name', 'Due - Start', 'Due - Start > 5', 'Due + 30', 'Due - Count', 'Due + Amount', 'TODAY() - Due', 'Due < TODAY()', 'Due + 1000000', 'IF(Due > DATE(2020,1,1), Due + 3000000, Start)', 'YEAR(Due) = 2026', 'MONTH(Due) * 100 + DAY(Due)', 'WEEKDAY(Start)',
  '(NOW() - Created) * 24 >= 5', '(NOW() - Created) * 24 = 5', 'ROUND((NOW() - Created) * 24, 2)', 'ROUND(Closed - Created, 1)', 'Closed - Created > 1', 'Created + 1', 'Created - 0.5', 'Created + Amount / 100', 'Created > NOW() - 30', 'Created = Closed', 'Opens > TIMEVALUE("09:00:00.000")', 'IsBig', 'NOT(IsBig)', 'Total > 100', 'Total', 'MaybeOver + 1', 'ISBLANK(MaybeOver)',
  'IF(Late, 1, 2) + IF(Open, 0.5, 0)', 'IF(Name = "a", NULL, Amount)', 'IFS(Amount > 100, "big", Amount > 1, "small", "none")', 'IF(ISBLANK(Due), TODAY(), Due)', 'TRUE', 'NULL', '"text"', '1 + 2 * 3', 'IF(Open, DATE(2020,2,29), Due)', '$User.Id = Name', '1 = NULL', 'NOT(1 = NULL)', 'IF(Due = Start, Late, NOT(Late)) = TRUE', 'LEFT("abc", 2) = Name', 'ISBLANK(Due > Start)', 'BLANKVALUE(Amount, MOD(1, Count))', 'MAX(MaybeOver, 5)', 'ROUND(MaybeOver / 7, 3)',
  'LEN(Name)', 'LEN(Name & Title) > 1', 'LEFT(Name, 1)', 'LEFT(Name, 2) = "ab"', 'LEFT(Name, Count)', 'RIGHT(Name, 1)', 'RIGHT(Name, Count)', 'MID(Name, 2, 1)', 'MID(Name, Count, Count - 1)', 'MID(Name & Title, Amount, 2)', 'FIND("b", Name)', 'FIND(Name, Title)', 'FIND("b", Name & Title, Count)', 'FIND(Title, Name, 2)', 'TRIM(Name)', 'TRIM("\\t " & Name & " \\n")', 'LEN(TRIM(Title))',
  'TEXT(Count)', 'TEXT(Amount)', 'TEXT(Other)', 'TEXT(Amount * Other)', 'TEXT(Share)', 'TEXT(-Amount)', 'TEXT(MaybeOver)', 'TEXT(Amount / 4)', 'TEXT(Due)', 'TEXT(Created)', 'TEXT(Opens)', 'Name & TEXT(YEAR(Due))', 'TEXT(Amount) = "2.5"', 'VALUE("12") + Count', 'PICKLISTCOUNT(Tags)', 'PICKLISTCOUNT(Tags) > 1',
  'IN(Name, "a", Title)', 'IN(Status, "New", "Closed")', 'IN(Count, 1, 2, Amount)', 'NOT(IN(Name, "a", ""))', 'IN(Due, Start, TODAY())', 'IN(Count, 0, MOD(7, Count))', 'LIKE(Name, "a%")', 'LIKE(Name, "_")', 'NOT(LIKE(Name, "%b"))', 'LIKE(Title, "100\\\\%")', 'LIKE(Name, "a\\\\_b")', 'LIKE(Name, "%*%")', 'LIKE(Name, "[a]")', 'LIKE(Name, "")', 'LIKE(Name & "?*[\\\\", "%?*[\\\\\\\\")',
  'Amount / Count > 5', 'Amount / Count = 2.5', '3 <= Amount / Other', 'Amount / Count <> 0', 'IF(Count = 0, 0, Amount / Count) > 1', 'NOT(Amount / Other < 1)', 'ROUND(Amount / Count, 2)', 'TRUNC(Amount / Other, 1)', 'FLOOR(Amount / Count)', 'CEILING(Amount / Count)', 'MFLOOR(Amount / Other)', 'MCEILING(Amount / Other)', 'ROUND(IF(Other = 0, NULL, Count / Other), 1)', 'ROUND(IF(Open, Amount / Count, 3), 1)', 'Amount / MaybeOver > 1', 'ROUND(Count / Share, 0)', 'ROUND(ABS(Amount / Count), 1)', '-(Amount / Count) > 1', 'CASE(Status, "New", Amount / Count, "Closed", Amount / Other, 7) >= 2', 'ISBLANK(Amount / Count)', 'OR(Count = 0, Amount / Count > 1)', 'MAX(1, ROUND(Amount / Count, 2))', 'ROUND(Amount / Count, 2) * 3',
  'WEEKDAY(Start) = WEEKDAY(Due)', 'WEEKDAY(Due)', 'DAYOFYEAR(Due)', 'DATETIMEVALUE(Due)', 'DATETIMEVALUE(Due) < Created', 'TIMEVALUE(Created)', 'TIMEVALUE(Created) > Opens', 'HOUR(Opens)', 'MINUTE(Opens) + SECOND(Opens)', 'HOUR(TIMEVALUE(Created)) >= 9', 'SECOND(TIMEVALUE(Closed))', 'ADDMONTHS(Due, 1)', 'ADDMONTHS(Due, -Count)', 'ADDMONTHS(Due, Amount)', 'ADDMONTHS(Due, 1) > Start', 'ADDMONTHS(DATE(2024, 1, 31), Count)', 'DATE(YEAR(Due), MONTH(Due), 1)', 'DATE(2023, 2, Count + 25)', 'DATE(2024, Count, 29)', 'DATE(Amount, 2, 29)', 'DATE(YEAR(Due), 12, 31) - Due', 'IF(MONTH(Due) = 2, DATE(YEAR(Due), 2, 29), Due)',
  'SUBSTR(Name, 2)', 'SUBSTR(Name, -2)', 'SUBSTR(Name, Count, 2)', 'SUBSTR(Name & Title, -Count, Count)', 'LPAD(TEXT(Count), 5, "0")', 'LPAD(Name, 2)', 'RPAD(Name, 4, "x\u{1F600}")', 'RPAD(Name & Title, 3)', 'LPAD(Name, 0, "x")', 'LPAD(Title, 7, "ab")',
  '$User.Title = Name', 'Name & $User.Title', '$User.Nick = Name', 'ISBLANK($User.Nick)', 'Amount > $User.Limit', 'Amount * $User.Share', 'Amount + $User.None', '$User.Limit', 'AND($User.Vip, Open)', 'NOT($User.Junior)', 'Due >= $User.Since', 'Created - $User.Seen > 1', 'IF($User.Vip, $User.Title, Name)', 'BEGINS(Name, $User.Title)',
  'Ratio > 1', 'ROUND(Ratio, 2)', 'ISBLANK(Ratio)', 'Label', 'BEGINS(Label, "a-")', 'LEN(Label)',
] // prettier-ignore

/** More digits than SQLite's whole numbers hold: refused there, equal on PostgreSQL. */
const TOO_LONG = new Set(['Amount * Other', 'TEXT(Amount * Other)', 'Created + Amount / 100'])

/** More of them with MILEPOST_RUNS. */
const RUNS = Number(process.env['MILEPOST_RUNS'] ?? 1)

/** Random formulas of the proven class, and a little beyond it. */
function generated(count: number): readonly string[] {
  const random = randoms(99)
  const of = (list: readonly string[]): string => pick(list, random)
  const number = (depth: number): string => {
    if (depth <= 0) return of(['Amount', 'Other', 'Count', 'Share', 'MaybeOver', '0', '1.5', '-2', '100', '0.01'])
    const [a, b] = [number(depth - 1), number(depth - 1)]
    return of([`(${a} + ${b})`, `(${a} - ${b})`, `(${a} * ${of(['2', '0.5', 'Count'])})`, `(${a} / ${of(['4', '10', '3'])})`, `ROUND(${a}, ${of(['0', '1', '2'])})`, `FLOOR(${a})`, `CEILING(${a})`, `ABS(${a})`, `MAX(${a}, ${b})`, `MIN(${a}, ${b})`, `MOD(${a}, ${b})`, `IF(${truth(depth - 1)}, ${a}, ${b})`, `CASE(Status, "New", ${a}, "", ${b}, 1)`, `(Due - ${date(depth - 1)})`, `BLANKVALUE(${a}, ${b})`, `((${instant(depth - 1)} - Created) * ${of(['24', '1440', '0.5'])})`, `YEAR(${date(depth - 1)})`, `LEN(${text(depth - 1)})`, `FIND(${text(0)}, ${text(depth - 1)})`, `FIND("b", ${text(0)}, ${a})`, `ROUND(${a} / ${b}, ${of(['0', '1', '2'])})`, `FLOOR(${a} / ${of(['Count', 'Other', b])})`, `PICKLISTCOUNT(Tags)`, `WEEKDAY(${date(0)})`, `DAYOFYEAR(${date(0)})`, `HOUR(TIMEVALUE(${instant(depth - 1)}))`, `MINUTE(Opens)`]) // prettier-ignore
  }
  const text = (depth: number): string => {
    if (depth <= 0) return of(['Name', 'Title', '"a"', '""', 'TEXT(Status)', '"New"'])
    const [a, b] = [text(depth - 1), text(depth - 1)]
    return of([
      `(${a} & ${b})`,
      `IF(${truth(depth - 1)}, ${a}, ${b})`,
      `BLANKVALUE(${a}, ${b})`,
      `SUBSTITUTE(${a}, ${b}, "q")`,
      `CASE(${a}, ${b}, Name, "", Title, "z")`,
      `LEFT(${a}, ${number(0)})`,
      `RIGHT(${a}, ${number(0)})`,
      `MID(${a}, ${number(0)}, ${number(0)})`,
      `TRIM(${a})`,
      `TEXT(${of([number(depth - 1), date(depth - 1), instant(depth - 1), 'Opens'])})`,
    ])
  }
  const date = (depth: number): string =>
    depth <= 0
      ? of(['Due', 'Start', 'TODAY()', 'DATE(2024, 2, 29)'])
      : of([
          `(${date(depth - 1)} + ${number(depth - 1)})`,
          `(${date(depth - 1)} - ${number(depth - 1)})`,
          `IF(${truth(depth - 1)}, ${date(0)}, ${date(0)})`,
          `ADDMONTHS(${date(0)}, ${number(depth - 1)})`,
          `DATE(YEAR(${date(0)}), ${number(0)}, ${of(['1', '29', '31', 'Count'])})`,
        ])
  const instant = (depth: number): string =>
    depth <= 0
      ? of(['Created', 'Closed', 'NOW()'])
      : of([
          `(${instant(0)} + ${number(depth - 1)})`,
          `(${instant(0)} - ${of(['1', '0.25', 'Count'])})`,
          `NULLVALUE(Closed, Created)`,
          `DATETIMEVALUE(${date(depth - 1)})`,
        ])
  const truth = (depth: number): string => {
    if (depth <= 0)
      return of(['Open', 'Late', 'IsBig', 'ISPICKVAL(Status, "New")', 'ISBLANK(Name)', 'TRUE', 'INCLUDES(Tags, "Red")'])
    const op = of(['=', '<>', '<', '<=', '>', '>='])
    const d = depth - 1
    return of([`(${number(d)} ${op} ${number(d)})`, `(${number(d)} ${op} ${of(['0', '1', '100', '2.5'])})`, `(${text(d)} ${op} ${text(d)})`, `(${date(d)} ${op} ${date(d)})`, `(${instant(d)} ${op} ${instant(d)})`, `AND(${truth(d)}, ${truth(d)})`, `OR(${truth(d)}, ${truth(d)})`, `NOT(${truth(d)})`, `NOT(${truth(d)})`, `IF(${truth(d)}, ${truth(d)}, ${truth(d)})`, `BEGINS(${text(d)}, ${text(d)})`, `CONTAINS(${text(d)}, "a")`, `ISBLANK(${of([number(d), text(d), date(d)])})`, `(${truth(d)} = ${truth(d)})`, `(${number(d)} / ${number(0)} ${op} ${number(0)})`, `(IF(${truth(0)}, ${number(0)} / ${number(0)}, ${number(0)}) ${op} ${of(['0', '2.5', 'Count'])})`, `IN(${text(d)}, ${text(0)}, "a")`, `IN(${number(d)}, ${number(0)}, 1)`, `IN(Status, "New", "")`, `LIKE(${text(d)}, ${of(['"%a%"', '"_b%"', '"a"', '"%\\\\%"'])})`]) // prettier-ignore
  }
  return Array.from({ length: count }, (_, i) => [number, text, date, instant, truth, truth][i % 6]!(1 + (i % 3)))
}

async function fill(database: Database): Promise<void> {
  const { dialect } = database
  await database.transaction(async (tx) => {
    const columns = COLUMNS.map(
      (one) =>
        `"${one.name}" ${one[dialect]}${dialect === 'postgres' && one.postgres === 'text' ? ' COLLATE "C"' : ''}`,
    )
    await tx.run(`CREATE TABLE thing (id INTEGER PRIMARY KEY, ${columns.join(', ')})`)
    for (const [i, row] of ROWS.entries()) {
      const places = ['?', ...COLUMNS.map(() => '?')].map((_, n) => (dialect === 'sqlite' ? '?' : `$${n + 1}`))
      await tx.run(`INSERT INTO thing VALUES (${places.join(', ')})`, [
        i,
        ...COLUMNS.map((one) => stored(dialect, one.field.type, one.field.scale ?? 0, row[one.name] ?? null)),
      ])
    }
  })
}

const GLOBALS: Row = { '$User.Title': 'a', '$User.Nick': null, '$User.Limit': 2.5, '$User.Share': 12.5, '$User.Vip': true, '$User.Since': '2026-03-10', '$User.Seen': '2026-03-15T05:30:00.250Z' } // prettier-ignore
const PARAMETERS: { readonly [name: string]: SqlValue } = {
  now: formatInstant(NOW),
  today: TODAY,
  timeZone: 'UTC',
  userId: 'a',
  ...(GLOBALS as { readonly [name: string]: SqlValue }),
}

describeDatabases('formula SQL equals evaluation', (open) => {
  let database: Database
  beforeAll(async () => {
    database = await open.keep()
    await fill(database)
  })

  async function mismatches(
    source: string,
    more: Partial<FormulaOptions> = {},
  ): Promise<readonly string[] | 'refused'> {
    const { formula, findings } = compile(source, {
      scope: scopeOf('Thing', [...fieldsOf(scope), ...GLOBAL_FIELDS]),
      ...more,
    })
    if (!formula) throw new Error(`${source}: ${findings.map((finding) => finding.message).join(' ')}`)
    const found: string[] = []
    for (const predicate of formula.type === 'Boolean' ? [false, true] : [false]) {
      const all = await answersOf(database, formula, { text: 'thing', params: [] }, PARAMETERS, predicate)
      if (!all) return 'refused'
      all.forEach((answer, i) => {
        const wanted = evaluated(formula, { ...ROWS[i]!, ...GLOBALS, '$User.Id': 'a' }, NOW)
        if (JSON.stringify(answer) !== JSON.stringify(wanted))
          found.push(
            `${source} on ${JSON.stringify(ROWS[i])}: evaluation ${JSON.stringify(wanted)}, SQL ${JSON.stringify(answer)}`,
          )
      })
    }
    return found
  }

  test.each(HAND)('%s', async (source) => {
    const result = await mismatches(source)
    if (database.dialect === 'sqlite' && TOO_LONG.has(source)) expect(result).toBe('refused')
    else expect(result.slice(0, 3)).toEqual([])
  })

  test.each([
    ['Amount * 1.005', { scale: 2 }],
    ['Other / 8', { scale: 1 }],
    ['Amount / 7', { scale: 3 }],
    ['Closed - Created', { scale: 4 }],
    ['24 * (NOW() - Created) * 60', { scale: 0 }],
    ['Amount / Count', { scale: 2 }],
    ['Amount / Other', { scale: 2 }],
    ['Amount / Count', { percent: true, scale: 1 }],
    ['IF(ISBLANK(Count), Amount, Amount / Count)', { blanks: 'blank', scale: 2 }],
    ['Share / Amount', { blanks: 'blank', scale: 0 }],
    ['Share', { percent: true, scale: 1 }],
    ['Amount / 300', { percent: true, scale: 2 }],
    ['Share * Other', { percent: true }],
    ['Amount + Other', { blanks: 'blank' }],
    ['Amount = 0', { blanks: 'blank' }],
    ['Amount < 5 || ISBLANK(Amount)', { blanks: 'blank' }],
    ['MAX(Amount, Other, Count)', { blanks: 'blank' }],
    ['BLANKVALUE(Amount, Other)', { blanks: 'blank', scale: 1 }],
    ['CASE(Amount, 0, 1, 1, Count, Other)', { blanks: 'blank' }],
    ['MOD(Amount, Count)', { blanks: 'blank' }],
    ['Due + Amount', { blanks: 'blank' }],
    ['NOT(Amount > Other)', { blanks: 'blank' }],
  ] as const)('%s with %j', async (source, more) => {
    expect(await mismatches(source, more)).toEqual([])
  })

  test('generated formulas', async () => {
    let compared = 0
    for (const source of generated(400 * RUNS)) {
      const result = await mismatches(source)
      if (result === 'refused') continue
      compared++
      expect(result.slice(0, 3)).toEqual([])
    }
    expect(compared).toBeGreaterThan(170 * RUNS)
  })
})

describe('outside the class', () => {
  const environment: SqlEnvironment = {
    dialect: 'sqlite',
    column: (field) => field.path,
    bind: () => '?',
    parameter: () => '?',
  }
  test.each([
    ['UPPER(Name) = "A"', /UPPER .*change the case/],
    ['Amount / Count', /endless decimals/],
    ['Amount / Count * 2 > 1', /never end/],
    ['Amount / Count = Count / Amount', /two quotients/],
    ['DATEVALUE(Created) = TODAY()', /DATEVALUE .*time zone/],
    ['Created = TODAY()', /date\/time is taken for its day .*time zone/],
    ['WEEKDAY(Created) = 1', /date\/time is taken for its day .*time zone/],
    ['Due > DATETIMEVALUE("2026-03-15 23:30:00")', /date\/time is taken for its day .*time zone/],
    ['LIKE(Name, Title)', /written out/],
    ['LPAD(Name, Count)', /written out/],
    ['Opens + 1000 > Opens', /times of day/],
    ['Amount ^ 2 > 4', /more digits/],
    ['VALUE(Name) > 1', /out of a text/],
    ['SUBSTITUTE(SUBSTITUTE(Name, "a", Title), "b", Name) = ""', /grow too long/],
    ['ISCHANGED(Status)', /ISCHANGED .*save/],
    ['REGEX(Name, "a+")', /regular expressions/],
    ['(NOW() - Created) / 3 + 1 > Amount', /never end/],
  ])('%s says why', (source, message) => {
    const result = toSql(compile(source, { scope }).formula!, environment)
    expect(result.ok ? '' : result.finding.message).toMatch(message)
    expect(result.ok ? '' : result.finding.message).toMatch(/can't be filtered, sorted or grouped on/)
  })
})

/** Known only while somebody asks. */
const GLOBAL_FIELDS: readonly PlainField[] = [
  { path: '$User.Id', type: 'Text' },
  { path: '$User.Title', type: 'Text' },
  { path: '$User.Nick', type: 'Text' },
  { path: '$User.Limit', type: 'Number', scale: 2, precision: 15 },
  { path: '$User.None', type: 'Number', scale: 2, precision: 15 },
  { path: '$User.Share', type: 'Number', scale: 1, precision: 5, percent: true },
  { path: '$User.Vip', type: 'Boolean' },
  { path: '$User.Junior', type: 'Boolean' },
  { path: '$User.Since', type: 'Date' },
  { path: '$User.Seen', type: 'DateTime' },
]

/** The fields of a plain scope. */
function fieldsOf(plain: typeof scope): readonly FieldInfo[] {
  return plain.complete([]).map((one) => plain.resolve([one.name])!)
}
