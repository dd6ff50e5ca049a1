import { childrenOf, type Node, type Span } from './ast.ts'
import { FUNCTIONS, functionNamed } from './functions/index.ts'
import { paramNames, type FunctionDef } from './functions/define.ts'
import { lex, type Token } from './lexer.ts'
import { typeWords } from './messages.ts'
import { study } from './engine.ts'
import { parse } from './parser.ts'

import type { FormulaOptions, FormulaType } from './types.ts'

/** What the editor offers at a place. */
export interface Suggestion {
  readonly kind: 'field' | 'relationship' | 'function' | 'value' | 'keyword'
  /** Shown in the list. */
  readonly label: string
  /** Written into the source, in place of `replace`. */
  readonly insert: string
  readonly detail?: string
  readonly documentation?: string
}
export interface Suggestions {
  readonly replace: Span
  readonly items: readonly Suggestion[]
}

/** Completion at a character offset: fields, relationships and functions; inside the quotes of a picklist comparison its values. */
export function complete(source: string, offset: number, options: FormulaOptions): Suggestions {
  const token = tokenAt(source, offset)
  if (token?.kind === 'text' && offset > token.at.start) return picklistValues(source, token, options)
  const typed = token?.kind === 'name' ? source.slice(token.at.start, offset) : ''
  const segments = typed.split('.')
  const last = segments.pop() ?? ''
  const replace = { start: offset - last.length, end: token?.kind === 'name' ? token.at.end : offset }
  const items = [...pathSuggestions(segments, options), ...(segments.length === 0 ? functionSuggestions(options) : [])]
  return { replace, items: items.filter((item) => matches(item, last)) }
}

const matches = (item: Suggestion, typed: string): boolean => {
  const wanted = typed.toLowerCase()
  return item.label.toLowerCase().includes(wanted) || (item.detail ?? '').toLowerCase().includes(wanted)
}

function tokenAt(source: string, offset: number): Token | undefined {
  return lex(source).tokens.find((token) => token.at.start < offset && offset <= token.at.end)
}

function pathSuggestions(prefix: readonly string[], options: FormulaOptions): readonly Suggestion[] {
  return options.scope.complete(prefix).map((one) => ({
    kind: one.type === 'Relationship' ? 'relationship' : 'field',
    label: one.name,
    insert: one.type === 'Relationship' ? `${one.name}.` : one.name,
    detail: [one.label, one.type].filter(Boolean).join(' · '),
  }))
}

function functionSuggestions(options: FormulaOptions): readonly Suggestion[] {
  const offered = [...FUNCTIONS.values()].filter((def) => def.group !== 'Operator' && !options.refuse?.[def.name])
  const words = ['TRUE', 'FALSE', 'NULL'].map((word) => ({ kind: 'keyword', label: word, insert: word }) as const)
  return [
    ...offered.map(
      (def) =>
        ({
          kind: 'function',
          label: def.name,
          insert: `${def.name}(`,
          detail: def.signature,
          documentation: def.summary,
        }) as const,
    ),
    ...words,
  ]
}

/** Calls in which a text stands for a value of the picklist that is their first argument. */
const PICKLIST_CALLS = new Set(['ISPICKVAL', 'INCLUDES', 'CASE'])

function picklistValues(source: string, token: Token, options: FormulaOptions): Suggestions {
  const replace = {
    start: token.at.start + 1,
    end: token.text.length > 1 && token.text.at(-1) === token.text[0] ? token.at.end - 1 : token.at.end,
  }
  const call = callAround(source, token.at.start)
  if (!call || !PICKLIST_CALLS.has(call.name.toUpperCase()) || call.index === 0) return { replace, items: [] }
  const values = firstPicklist(source.slice(call.open, token.at.start), options)
  return {
    replace,
    items: values.map((value) => ({ kind: 'value', label: value, insert: value.replace(/["\\]/g, '\\$&') })),
  }
}

function firstPicklist(args: string, options: FormulaOptions): readonly string[] {
  const name = lex(args).tokens.find(
    (token) => token.kind === 'name' && options.scope.resolve(token.text.split('.'))?.picklistValues,
  )
  return name ? (options.scope.resolve(name.text.split('.'))?.picklistValues ?? []) : []
}

interface CallAround {
  readonly name: string
  /** Offset after the parenthesis. */
  readonly open: number
  /** Which argument the place is in, from 0. */
  readonly index: number
}

/** The innermost call whose parentheses hold this offset. */
function callAround(source: string, offset: number): CallAround | undefined {
  const stack: { name: string; open: number; index: number }[] = []
  let before: Token | undefined
  for (const token of lex(source).tokens) {
    if (token.at.start >= offset || token.kind === 'end') break
    if (token.kind === 'open')
      stack.push({ name: before?.kind === 'name' ? before.text : '', open: token.at.end, index: 0 })
    if (token.kind === 'close') stack.pop()
    const top = stack.at(-1)
    if (token.kind === 'comma' && top) top.index++
    before = token
  }
  return stack.findLast((call) => call.name !== '')
}

export interface Signature {
  readonly name: string
  readonly signature: string
  readonly summary: string
  readonly parameters: readonly string[]
  /** Which parameter the place is in. */
  readonly active: number
}

/** The call around an offset and the argument that is being written. */
export function signatureAt(source: string, offset: number): Signature | undefined {
  const call = callAround(source, offset)
  const def = call && functionNamed(call.name)
  if (!call || !def) return undefined
  const parameters = paramNames(def.signature)
  return {
    name: def.name,
    signature: def.signature,
    summary: def.summary,
    parameters,
    active: activeParameter(def, parameters, call.index),
  }
}

/** Of functions that take more of the same, later arguments count as the repeated ones; the last of CASE and IFS is not known while writing. */
function activeParameter(def: FunctionDef, parameters: readonly string[], index: number): number {
  if (index < parameters.length || parameters.length === 0) return index
  if (def.max !== Infinity) return parameters.length - 1
  if (def.name === 'CASE') return 1 + ((index - 1) % 2)
  return def.name === 'IFS' ? index % 2 : parameters.length - 1
}

export interface Hover {
  readonly at: Span
  readonly title: string
  readonly text: string
}

/** What stands at an offset: a function with its help, or a field or sub-expression with its type. */
export function hover(source: string, offset: number, options: FormulaOptions): Hover | undefined {
  const { parsed, tree } = study(source, options)
  const path = nodesAt(parsed.root, offset)
  const node = path.at(-1)
  if (!node) return undefined
  const def = node.kind === 'call' && offset <= node.nameAt.end ? functionNamed(node.name) : undefined
  if (def && node.kind === 'call') return { at: node.nameAt, title: def.signature, text: def.summary }
  const typed = tree.typedOf.get(node)
  if (!typed || typed.kind === 'bad') return undefined
  const label =
    typed.kind === 'field'
      ? (typed.field.label ?? typed.field.path)
      : source.slice(node.at.start, node.at.end).slice(0, 80)
  return {
    at: node.at,
    title: label,
    text: describe(typed.type, typed.kind === 'field' ? typed.field.picklistValues : undefined),
  }
}

function describe(type: FormulaType, values: readonly string[] | undefined): string {
  const shown = values?.slice(0, 12).join(', ')
  return `Gives ${typeWords(type)}.${shown ? ` Values: ${shown}${values && values.length > 12 ? ' …' : ''}.` : ''}`
}

/** Nodes that hold an offset, outermost first. */
function nodesAt(root: Node, offset: number): readonly Node[] {
  const found: Node[] = []
  for (let node: Node | undefined = root; node; node = inside(node, offset)) found.push(node)
  return found.filter((node) => node.at.start <= offset && offset <= node.at.end && node.kind !== 'missing')
}

function inside(node: Node, offset: number): Node | undefined {
  return childrenOf(node).find((child) => child.at.start <= offset && offset <= child.at.end)
}

/** Colours for an editor: tokens and comments in order. */
export interface ColouredToken {
  readonly at: Span
  readonly kind: 'number' | 'text' | 'field' | 'function' | 'operator' | 'keyword' | 'comment' | 'punctuation'
}

export function tokens(source: string): readonly ColouredToken[] {
  const { tokens: all, comments } = lex(source)
  const coloured = all
    .filter((token) => token.kind !== 'end')
    .map((token, i) => ({ at: token.at, kind: colourOf(token, all[i + 1]) }))
  return [...coloured, ...comments.map((comment) => ({ at: comment.at, kind: 'comment' as const }))].toSorted(
    (a, b) => a.at.start - b.at.start,
  )
}

const KEYWORDS = new Set(['TRUE', 'FALSE', 'NULL', 'NOT'])

function colourOf(token: Token, next: Token | undefined): ColouredToken['kind'] {
  if (token.kind === 'name')
    return next?.kind === 'open' ? 'function' : KEYWORDS.has(token.text.toUpperCase()) ? 'keyword' : 'field'
  if (token.kind === 'op') return 'operator'
  return token.kind === 'number' || token.kind === 'text' ? token.kind : 'punctuation'
}

/** Length and parts, for the meter beside the editor. */
export function measure(source: string): { readonly characters: number; readonly parts: number } {
  let parts = 0
  const todo = [parse(source).root]
  for (let node = todo.pop(); node; node = todo.pop()) {
    parts++
    todo.push(...childrenOf(node))
  }
  return { characters: source.length, parts }
}
