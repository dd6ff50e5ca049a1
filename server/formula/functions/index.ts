import { addresses } from './addresses.ts'
import { arithmetic } from './arithmetic.ts'
import { blanks } from './blanks.ts'
import { business } from './business.ts'
import { caseDef } from './case.ts'
import { clock } from './clock.ts'
import { comparison } from './comparison.ts'
import { dateParts } from './date-parts.ts'
import { dateRead } from './date-read.ts'
import type { FunctionDef } from './define.ts'
import { encode } from './encode.ts'
import { formatValues } from './format-values.ts'
import { geo } from './geo.ts'
import { json } from './json.ts'
import { logic } from './logic.ts'
import { lookup } from './lookup.ts'
import { match } from './match.ts'
import { math } from './math.ts'
import { picklist } from './picklist.ts'
import { record } from './record.ts'
import { elsewhere, refused } from './refused.ts'
import { texts } from './text.ts'

const FAMILIES: readonly (readonly FunctionDef[])[] = [
  comparison, arithmetic, logic, [caseDef], blanks, picklist, record, clock, dateParts, dateRead, math, texts, addresses, encode, match, geo, formatValues, json, lookup, business,
] // prettier-ignore

/** Every function by its upper-case name, operators by their sign. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDef> = new Map(FAMILIES.flat().map((def) => [def.name, def]))

/** A function one may call by name: operators other than AND, OR and NOT are not. */
export function functionNamed(name: string): FunctionDef | undefined {
  const def = FUNCTIONS.get(name.toUpperCase())
  return def?.group === 'Operator' ? undefined : def
}

/** Salesforce functions that make no sense outside it, with the sentence that says so. */
export const REFUSED: ReadonlyMap<string, string> = new Map(refused)

/** Functions of other languages, with what does the same here. */
export const ELSEWHERE: ReadonlyMap<string, string> = new Map(elsewhere)
