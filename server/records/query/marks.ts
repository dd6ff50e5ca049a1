/**
 * Values that SQL can't finish (a cursor's signature, a label in the caller's language, a formula outside the proven class) are printed as a marked text:
 * a secret prefix, the mark's number and its inputs as JSON. After the one statement has run, each marked text gives way to its value.
 * The prefix is new for every process and never leaves it, so no stored text can pass for a mark.
 */
import { randomBytes } from 'node:crypto'
import type { Value } from '#util'
import type { Build } from './build.ts'
import { param } from './build.ts'
import { printerOf } from './printer.ts'
import type { Run } from './run-values.ts'

/** Gives the JSON value that takes the mark's place. */
export type Mark = (inputs: readonly Value[], run: Run) => Value | undefined

const PREFIX = `~${randomBytes(18).toString('base64url')}~`
const prefix = (): string => PREFIX

/** SQL text of the marked text; `values` print the inputs. */
export function mark(build: Build, finish: Mark, values: readonly string[]): string {
  const number = build.marks.push(finish) - 1
  return `(${param(build, prefix, 'text')} || '${number}:' || ${printerOf(build.dialect).tuple(values)})`
}

export function finishMarks(text: string, marks: readonly Mark[], run: Run): string {
  if (marks.length === 0) return text
  const open = `"${PREFIX}`
  let out = ''
  let done = 0
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, done)) {
    const end = closingQuote(text, at + 1)
    const [number, inputs] = readMark(JSON.parse(text.slice(at, end + 1)) as string)
    out += text.slice(done, at) + JSON.stringify(marks[number]?.(inputs, run) ?? null)
    done = end + 1
  }
  return out + text.slice(done)
}

function readMark(text: string): [number, readonly Value[]] {
  const colon = text.indexOf(':', PREFIX.length)
  return [Number(text.slice(PREFIX.length, colon)), JSON.parse(text.slice(colon + 1)) as readonly Value[]]
}

function closingQuote(text: string, from: number): number {
  let at = from
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
