import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'

/** What a picklist held before the save: a text wherever text is wanted, as in Salesforce; a picklist itself is none. */
const isPriorPicklist = (arg: Typed): boolean =>
  arg.kind === 'call' && arg.def.name === 'PRIORVALUE' && arg.type === 'Picklist'

/** The function that stands around a value as if it were written, where another type than the value's is wanted. */
export const conversion = (arg: Typed): 'TEXT' | undefined => (isPriorPicklist(arg) ? 'TEXT' : undefined)

/** Whether the conversion of a value gives the type that is wanted. */
export const converts = (arg: Typed, wanted: FormulaType): boolean => wanted === 'Text' && isPriorPicklist(arg)

/** Of values that are joined, chosen from or compared: those to convert. */
export const alike = (args: readonly Typed[]): readonly Typed[] => args.filter(isPriorPicklist)

/** Of a value and the values it is compared with: as `alike`; a picklist's prior value beside literals stays, so that these are checked. */
export const alikeKeys = (subject: Typed, keys: readonly Typed[]): readonly Typed[] =>
  isPriorPicklist(subject) && keys.every((key) => key.kind === 'literal') ? [] : alike([subject, ...keys])
