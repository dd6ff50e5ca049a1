import type { Finding } from '#util'
import type { Span } from './ast.ts'
import type { FormulaType } from './types.ts'

export function formulaError(code: string, message: string, at?: Span, hint?: string): Finding {
  return {
    code,
    severity: 'error',
    message,
    ...(hint ? { hint } : {}),
    ...(at ? { at: { start: at.start, end: at.end } } : {}),
  }
}

export const syntaxError = (message: string, at: Span, hint?: string): Finding =>
  formulaError('SYNTAX', message, at, hint)

const WORDS: { readonly [type in FormulaType]: string } = {
  Number: 'a number',
  Text: 'text',
  Boolean: 'true or false',
  Date: 'a date',
  DateTime: 'a date/time',
  Time: 'a time',
  Geolocation: 'a geolocation',
  Picklist: 'a picklist',
  MultiselectPicklist: 'a multi-select picklist',
  Null: 'a blank',
}

/** "a number", "a date or a date/time". */
export const typeWords = (...types: readonly FormulaType[]): string => listWords(types.map((type) => WORDS[type]))

export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`
}

/** A part of a formula on one line, long ones cut. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
export const ordinal = (index: number): string => ORDINALS[index] ?? `${index + 1}th`

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `Tier` is meant for `Tier__c`. */
const plain = (name: string): string => name.toLowerCase().replace(/__[cr]$/, '')

/** The name nearest to what was typed, when it is near enough to be meant. */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const wanted = plain(typed).slice(0, 80)
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    const known = plain(name)
    if (Math.abs(known.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted, known, bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [name, distance]
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours; `limit` when it is that much or more. */
function editDistance(a: string, b: string, limit: number): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : limit
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swap)
    }
    if (Math.min(...row) >= limit) return limit
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
