import { arithmetic } from './arithmetic.ts'
import { blanks } from './blanks.ts'
import { caseDef } from './case.ts'
import { clock } from './clock.ts'
import { comparison } from './comparison.ts'
import type { FunctionDef } from './define.ts'
import { logic } from './logic.ts'
import { picklist } from './picklist.ts'
import { record } from './record.ts'

const ALL: readonly FunctionDef[] = [
  ...comparison,
  ...arithmetic,
  ...logic,
  caseDef,
  ...blanks,
  ...picklist,
  ...record,
  ...clock,
]

/** Every function by its upper-case name, operators by their sign. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDef> = new Map(ALL.map((def) => [def.name, def]))

/** A function one may call by name: operators other than AND, OR and NOT are not. */
export function functionNamed(name: string): FunctionDef | undefined {
  const def = FUNCTIONS.get(name.toUpperCase())
  return def?.group === 'Operator' ? undefined : def
}

/** Salesforce functions that make no sense outside it, with the sentence that says so. */
export const REFUSED: ReadonlyMap<string, string> = new Map()
