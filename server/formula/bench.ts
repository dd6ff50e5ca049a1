/* oxlint-disable no-restricted-globals -- a bench reads the clock and makes dates */
/** Three formulas of daily life against hand-written JavaScript and the open interpreters, in one run; and how long a formula takes to compile. */
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import { Environment } from '@marcbachmann/cel-js'
import { compile, scopeOf, type FormulaOptions } from './index.ts'

export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Times the hand-written JavaScript of the same formula. */
  readonly ratio?: number
  readonly against?: string
}

interface Peers {
  readonly jexl: { compile(source: string): { evalSync(context: unknown): unknown } }
  readonly formulon: { parse(source: string, values: unknown): unknown }
}

const load = createRequire(import.meta.url)
const peers: Peers = { jexl: load('jexl') as Peers['jexl'], formulon: load('formulon') as Peers['formulon'] }

const scope = scopeOf('Case', [
  { path: 'Priority', type: 'Picklist' },
  { path: 'IsClosed', type: 'Boolean' },
  { path: 'Amount', type: 'Number', scale: 2 },
  { path: 'CreatedDate', type: 'DateTime' },
  { path: 'ClosedDate', type: 'DateTime' },
])

const PRIORITIES = ['High', 'Medium', 'Low', 'Low', 'None']
const at = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * 7_777_777).toISOString()
const RECORDS = Array.from({ length: 500 }, (_, i) => ({
  Priority: PRIORITIES[i % 5]!,
  IsClosed: i % 3 === 0,
  Amount: (i * 1234.56) % 10_000,
  CreatedDate: at(i),
  ClosedDate: at(i * 3 + 5),
}))
type Case = (typeof RECORDS)[number]

/** The peers get numbers for instants; they know no dates of this form. */
const NUMERIC = RECORDS.map((record) => ({
  ...record,
  CreatedDate: Date.parse(record.CreatedDate),
  ClosedDate: Date.parse(record.ClosedDate),
}))

interface Subject {
  readonly name: string
  readonly formula: string
  readonly options?: Partial<FormulaOptions>
  readonly byHand: (record: Case) => unknown
  readonly cel: string
  readonly jexl: string
}

const DAY = 86_400_000

const SUBJECTS: readonly Subject[] = [
  {
    name: 'criteria',
    formula: 'AND(ISPICKVAL(Priority,"High"), NOT(IsClosed))',
    byHand: (record) => record.Priority === 'High' && !record.IsClosed,
    cel: 'Priority == "High" && !IsClosed',
    jexl: 'Priority == "High" && !IsClosed',
  },
  {
    name: 'dates with exact ROUND',
    formula: 'ROUND((ClosedDate - CreatedDate) * 24, 2)',
    options: { scale: 2 },
    byHand: (record) =>
      Math.round(((Date.parse(record.ClosedDate) - Date.parse(record.CreatedDate)) / DAY) * 24 * 100) / 100,
    cel: '(ClosedDate - CreatedDate) / 86400000.0 * 24.0',
    jexl: '(ClosedDate - CreatedDate) / 86400000 * 24',
  },
  {
    name: 'four-level CASE',
    formula: 'CASE(Priority, "High", Amount * 4, "Medium", Amount * 3, "Low", Amount * 2, "None", Amount, 0)',
    options: { scale: 2 },
    byHand: ({ Priority, Amount }) => Math.round((Priority === 'High' ? Amount * 4 : Priority === 'Medium' ? Amount * 3 : Priority === 'Low' ? Amount * 2 : Priority === 'None' ? Amount : 0) * 100) / 100, // prettier-ignore
    cel: 'Priority == "High" ? Amount * 4.0 : Priority == "Medium" ? Amount * 3.0 : Priority == "Low" ? Amount * 2.0 : Priority == "None" ? Amount : 0.0',
    jexl: 'Priority == "High" ? Amount * 4 : Priority == "Medium" ? Amount * 3 : Priority == "Low" ? Amount * 2 : Priority == "None" ? Amount : 0',
  },
]

let sink = 0

/** Nanoseconds a call, the best of several rounds. */
function nanoseconds(calls: number, work: (i: number) => unknown): number {
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) if (work(i) === sink) sink++
    best = Math.min(best, ((performance.now() - start) * 1e6) / calls)
  }
  return best
}

const rounded = (value: number): number => Number(value.toPrecision(3))

function ours(subject: Subject): (i: number) => unknown {
  const { formula, findings } = compile(subject.formula, { scope, ...subject.options })
  if (!formula) throw new Error(findings[0]?.message)
  const contexts = RECORDS.map((record) => ({ record, now: 0 }))
  return (i) => formula.evaluate(contexts[i % 500]!)
}

function formulonOf(subject: Subject): (i: number) => unknown {
  const values = RECORDS.map((record) => ({
    Priority: { type: 'literal', dataType: 'picklist', value: record.Priority, options: { values: PRIORITIES } },
    IsClosed: { type: 'literal', dataType: 'checkbox', value: record.IsClosed, options: {} },
    Amount: { type: 'literal', dataType: 'number', value: record.Amount, options: { length: 8, scale: 2 } },
    CreatedDate: { type: 'literal', dataType: 'datetime', value: new Date(record.CreatedDate), options: {} },
    ClosedDate: { type: 'literal', dataType: 'datetime', value: new Date(record.ClosedDate), options: {} },
  }))
  return (i) => peers.formulon.parse(subject.formula, values[i % 500])
}

function celOf(subject: Subject): (i: number) => unknown {
  const environment = new Environment({ unlistedVariablesAreDyn: true })
  const run = environment.parse(subject.cel)
  const records = NUMERIC.map((record) => ({
    ...record,
    Amount: record.Amount + 0.001,
    CreatedDate: record.CreatedDate + 0.5,
    ClosedDate: record.ClosedDate + 0.5,
  }))
  return (i) => run(records[i % 500]!)
}

function compare(subject: Subject): readonly BenchRow[] {
  const byHand = nanoseconds(400_000, (i) => subject.byHand(RECORDS[i % 500]!))
  const jexl = peers.jexl.compile(subject.jexl)
  const row = (name: string, value: number): BenchRow => ({
    name: `${subject.name}: ${name}`,
    value: rounded(value),
    unit: 'ns',
    ratio: rounded(value / byHand),
    against: 'hand-written JavaScript',
  })
  return [
    row('this room', nanoseconds(400_000, ours(subject))),
    { name: `${subject.name}: hand-written JavaScript`, value: rounded(byHand), unit: 'ns' },
    row('cel-js', nanoseconds(40_000, celOf(subject))),
    row(
      'jexl',
      nanoseconds(10_000, (i) => jexl.evalSync(NUMERIC[i % 500]!)),
    ),
    row('formulon', nanoseconds(100, formulonOf(subject))),
  ]
}

/** More than 600 characters of ordinary criteria. */
const LONG = `IF(AND(ISPICKVAL(Priority, "High"), NOT(IsClosed), Amount > 1000), CASE(Priority, "High", Amount * 1.05, "Medium", Amount * 1.02, Amount), ${'IF(OR(ISBLANK(ClosedDate), ClosedDate - CreatedDate > 7), ROUND(Amount / 12, 2), Amount - 5) + '.repeat(5)}MAX(Amount, 100, 200))`

/** Closures are made at the first evaluation, so that counts as compiling. */
export async function bench(): Promise<readonly BenchRow[]> {
  const context = { record: RECORDS[0]!, now: 0 }
  const compiling = nanoseconds(3_000, () => compile(LONG, { scope, scale: 2 }).formula?.evaluate(context))
  return [
    ...SUBJECTS.flatMap(compare),
    {
      name: `parse, check, compile and evaluate once: ${LONG.length} characters`,
      value: rounded(compiling / 1000),
      unit: 'µs',
    },
  ]
}
