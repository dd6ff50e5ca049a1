import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'

export interface CaseParts {
  readonly subject: Typed
  readonly pairs: readonly (readonly [when: Typed, then: Typed])[]
  readonly otherwise: Typed
}

export function caseParts(args: readonly Typed[]): CaseParts {
  const pairs: [Typed, Typed][] = []
  for (let i = 1; i + 1 < args.length; i += 2) pairs.push([args[i]!, args[i + 1]!])
  return { subject: args[0]!, pairs, otherwise: args[args.length - 1]! }
}

/** Texts and picklists: a blank matches "". Numbers and dates: a blank matches nothing. */
export const blankMatches = (type: FormulaType): boolean => type === 'Text' || type === 'Picklist'
