import type { Value } from '#util'
import { fail, placed } from '../failure.ts'
import { Num } from '../numbers.ts'
import { READERS, toValue, type Closure, type Runtime } from '../runtime.ts'
import type { Typed } from '../typed.ts'
import type { EvaluationContext, FormulaType } from '../types.ts'
import { define, strict, type CallCheck, type Checked, type FunctionDef } from './define.ts'

/** Asks the host for something that lies outside the record; the host fetched it before the evaluation. */
function ask(context: EvaluationContext, kind: string, args: readonly Value[], type: FormulaType): Runtime {
  const answer = context.lookup?.(kind, args)
  if (answer === undefined) throw fail('NOT_AVAILABLE', `${kind} can't be answered here.`)
  return answer === null || answer === '' ? null : READERS[type](answer)
}

function checkLookup(call: CallCheck): Checked | undefined {
  const [give, key, value] = call.args as [Typed, Typed, Typed]
  for (const arg of [give, key]) {
    if (arg.kind === 'field') continue
    call.report('FIELD_NEEDED', 'VLOOKUP needs two fields first: the one to give back and the one to search.', arg.at)
    return undefined
  }
  if (!checkNames(call, give, key)) return undefined
  if (value.type === key.type || value.type === 'Null') return { type: give.type }
  call.report('TYPES_DIFFER', 'The value looked for must be of the type of the field that is searched.', value.at)
  return undefined
}

/** Both fields stand on one other object, and the search has an index. */
function checkNames(call: CallCheck, give: Typed, key: Typed): boolean {
  const [given, searched] = [give, key].map((arg) => (arg.kind === 'field' ? arg.field.names : undefined))
  const report = (message: string, at = key.at): false => (call.report('VLOOKUP_FIELDS', message, at), false)
  if (!given || !searched)
    return report('VLOOKUP looks into another object: write $ObjectType.Object.Fields.Field.', given ? key.at : give.at)
  if (given.object !== searched.object)
    return report(`VLOOKUP needs two fields of one object, not of ${given.object} and ${searched.object}.`)
  return (
    searched.searchable ||
    report(
      `VLOOKUP can't search by ${searched.field}. Use the name of the record, or a field that is unique or indexed.`,
    )
  )
}

const vlookup: FunctionDef = {
  name: 'VLOOKUP',
  group: 'Other',
  signature: 'VLOOKUP(field_to_return, field_to_search, value)',
  summary: 'The field of the record whose search field has this value.',
  min: 3,
  max: 3,
  varying: true,
  takesNames: true,
  check: checkLookup,
  closure: (call, build): Closure => {
    const [give, key, wanted] = call.args as [Typed, Typed, Typed]
    const value = build(wanted)
    const names = [give, key].map((arg) => (arg.kind === 'field' ? arg.field.path : ''))
    return (c) => {
      try {
        return ask(c, 'VLOOKUP', [...names, toValue(value(c), wanted.type)], call.type)
      } catch (error) {
        throw placed(error, call.at)
      }
    }
  },
  noSql: 'it searches other records',
}

export const lookup: readonly FunctionDef[] = [
  vlookup,
  define({
    name: 'CURRENCYRATE',
    group: 'Other',
    signature: 'CURRENCYRATE(currency_code)',
    summary: 'The conversion rate of a currency to the organization’s own; 1 for one that is not there.',
    varying: true,
    noSql: 'it looks up a rate',
    overloads: [strict(['Text'], 'Number', (code, c) => ask(c, 'CURRENCYRATE', [code], 'Number') as Num | null)],
  }),
]
