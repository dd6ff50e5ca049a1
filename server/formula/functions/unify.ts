import { typeWords } from '../messages.ts'
import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'
import { conversionHint, type CallCheck } from './define.ts'

const PICKLISTS = new Set<FormulaType>(['Picklist', 'MultiselectPicklist'])

/** The one type that all these have; blanks fit anything. Reports the first that differs. */
export function unify(call: CallCheck, args: readonly Typed[], what: string): FormulaType | undefined {
  const first = args.find((arg) => arg.type !== 'Null')
  if (!first) return 'Null'
  for (const arg of args) {
    if (PICKLISTS.has(arg.type)) return reportPicklist(call, arg)
    if (arg.type === first.type || arg.type === 'Null') continue
    const hint = conversionHint(call, arg, [first.type]) ?? conversionHint(call, first, [arg.type])
    call.report(
      'TYPES_DIFFER',
      `${what} of ${call.name} must be of one type; here stand ${typeWords(first.type)} and ${typeWords(arg.type)}.`,
      arg.at,
      hint,
    )
    return undefined
  }
  return first.type
}

/** Picklists stand only in the functions made for them. */
export function reportPicklist(call: CallCheck, arg: Typed): undefined {
  const name = arg.kind === 'field' ? arg.field.path : call.textOf(arg)
  const hint =
    arg.type === 'Picklist'
      ? `Use ISPICKVAL(${name}, "…") to compare it, TEXT(${name}) to use its text.`
      : `Use INCLUDES(${name}, "…").`
  call.report(
    'PICKLIST_NOT_ALLOWED',
    `${name} is ${typeWords(arg.type)} and can't stand in ${call.name}.`,
    arg.at,
    hint,
  )
}

/** Refuses true/false where Salesforce does. */
export function refuseBoolean(call: CallCheck, args: readonly Typed[], hint: string): boolean {
  const wrong = args.find((arg) => arg.type === 'Boolean')
  if (wrong) call.report('WRONG_TYPE', `${call.name} can't work with true or false.`, wrong.at, hint)
  return wrong !== undefined
}

/** Reports an argument that is not true or false. */
export function needsBoolean(call: CallCheck, arg: Typed): boolean {
  if (arg.type === 'Boolean' || arg.type === 'Null') return true
  call.report(
    'WRONG_TYPE',
    `${call.name} needs true or false, not ${typeWords(arg.type)}.`,
    arg.at,
    conversionHint(call, arg, ['Boolean']) ?? 'Compare it with something, for example with = or >.',
  )
  return false
}
