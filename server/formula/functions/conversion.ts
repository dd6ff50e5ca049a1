import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'

/** What a picklist held before the save: a text wherever text is wanted, as in Salesforce; a picklist itself is none. */
const isPriorPicklist = (arg: Typed): boolean =>
  arg.kind === 'call' && arg.def.name === 'PRIORVALUE' && arg.type === 'Picklist'

/** The function that stands around a value as if it were written, where another type than the value's is wanted. */
export const conversion = (arg: Typed): 'TEXT' | 'DATEVALUE' => (isPriorPicklist(arg) ? 'TEXT' : 'DATEVALUE')

/** Whether the conversion of a value gives the type that is wanted: a date/time is its day in the zone in force where a date is. */
export const converts = (arg: Typed, wanted: FormulaType): boolean =>
  (wanted === 'Text' && isPriorPicklist(arg)) || (wanted === 'Date' && arg.type === 'DateTime')

/** Of values that are joined or chosen from: those to convert. */
export const priorTexts = (args: readonly Typed[]): readonly Typed[] => args.filter(isPriorPicklist)

/** Of values that are compared: those to convert. */
export function compared(args: readonly Typed[]): readonly Typed[] {
  const dated = args.some((arg) => arg.type === 'Date')
  return args.filter((arg) => isPriorPicklist(arg) || (dated && arg.type === 'DateTime'))
}

/** Of a value and the keys it is compared with: a picklist's prior value beside literals stays, so that these are checked. */
export const comparedKeys = (subject: Typed, keys: readonly Typed[]): readonly Typed[] =>
  isPriorPicklist(subject) && keys.every((key) => key.kind === 'literal') ? [] : compared([subject, ...keys])
