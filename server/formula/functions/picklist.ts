import { nearest, typeWords } from '../messages.ts'
import type { Closure } from '../runtime.ts'
import { textLiteral, type Typed } from '../typed.ts'
import { define, fits, reportArgument, strict, type CallCheck, type FunctionDef } from './define.ts'
import { compare } from '../sql/comparison.ts'
import type { SqlPart } from '../sql/part.ts'
import { choices } from '../sql/characters.ts'
import { included } from '../sql/text.ts'
import { Num, ZERO } from '../numbers.ts'

/** A picklist is compared with text in quotes only; a value it does not have gives a warning. */
export function checkPicklistLiteral(call: CallCheck, picklist: Typed, literal: Typed): boolean {
  const text = textLiteral(literal)
  if (text === undefined) {
    call.report(
      'LITERAL_NEEDED',
      `${call.name} compares a picklist only with text in quotes, not ${typeWords(literal.type)} worked out here.`,
      literal.at,
      'Use TEXT( ) around the picklist and compare with =.',
    )
    return false
  }
  warnUnknownValue(call, picklist, text, literal)
  return true
}

function warnUnknownValue(call: CallCheck, picklist: Typed, text: string, literal: Typed): void {
  const field = fieldOf(picklist)
  const values = field?.picklistValues
  if (!values || values.length === 0 || text === '' || values.includes(text)) return
  const near = nearest(text, values)
  call.report(
    'UNKNOWN_PICKLIST_VALUE',
    `"${text}" is not a value of ${field.path}.${near ? ` Did you mean "${near}"?` : ''}`,
    literal.at,
    undefined,
    'warning',
  )
}

function fieldOf(node: Typed) {
  if (node.kind === 'call' && node.args[0]) return fieldOf(node.args[0])
  return node.kind === 'field' ? node.field : undefined
}

const isPickVal: FunctionDef = {
  name: 'ISPICKVAL',
  group: 'Picklist',
  signature: 'ISPICKVAL(picklist, text)',
  summary: 'True when the picklist has this value. Compare with "" to ask whether it is blank.',
  min: 2,
  max: 2,
  check: (call) => {
    const [picklist, literal] = call.args as [Typed, Typed]
    if (!fits(picklist, 'Picklist')) return void reportArgument(call, 0, ['Picklist'], isPickVal.signature)
    if (literal.type !== 'Null' && !checkPicklistLiteral(call, picklist, literal)) return undefined
    return { type: 'Boolean', nullable: false }
  },
  closure: (call, build): Closure => {
    const value = build(call.args[0]!)
    const wanted = textLiteral(call.args[1]!) || null
    const node = call.args[0]!
    if (wanted !== null && node.kind === 'field' && !node.sub) {
      const path = build.path(node)
      return (c) => c.record[path] === wanted
    }
    return (c) => value(c) === wanted
  },
  sql: (call, build) => {
    const [value, wanted] = call.args.map(build.part) as [SqlPart, SqlPart]
    return compare(build, '=', { ...value, type: 'Text' }, { ...wanted, type: 'Text' })
  },
}

const includes: FunctionDef = {
  name: 'INCLUDES',
  group: 'Picklist',
  signature: 'INCLUDES(multiselect_picklist, text)',
  summary: 'True when this value is among those chosen.',
  min: 2,
  max: 2,
  check: (call) => {
    const [picklist, literal] = call.args as [Typed, Typed]
    if (!fits(picklist, 'MultiselectPicklist'))
      return void reportArgument(call, 0, ['MultiselectPicklist'], includes.signature)
    if (!checkPicklistLiteral(call, picklist, literal)) return undefined
    return { type: 'Boolean', nullable: false }
  },
  closure: (call, build): Closure => {
    const values = build(call.args[0]!)
    const wanted = textLiteral(call.args[1]!) ?? ''
    if (wanted === '') return (c) => values(c) === null
    return (c) => (values(c) as readonly string[] | null)?.includes(wanted) ?? false
  },
  sql: (call, build) => included(build, ...(call.args.map(build.part) as [SqlPart, SqlPart])),
}

const picklistCount = define({
  name: 'PICKLISTCOUNT',
  group: 'Picklist',
  signature: 'PICKLISTCOUNT(multiselect_picklist)',
  summary: 'How many values are chosen; 0 when none is.',
  overloads: [
    {
      ...strict(['MultiselectPicklist'], 'Number', (values) => new Num(values.length)),
      nullable: false,
      lenient: true,
      run: (values: readonly string[] | null) => (values ? new Num(values.length) : ZERO),
      sql: ([values], build) => choices(build, values!),
    },
  ],
})

export const picklist: readonly FunctionDef[] = [isPickVal, includes, picklistCount]
