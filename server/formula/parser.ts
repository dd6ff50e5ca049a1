import type { Finding } from '#util'
import type { MissingNode, Node, Span } from './ast.ts'
import { functionNamed } from './functions/index.ts'
import { lex, type Token } from './lexer.ts'
import { LIMITS } from './limits.ts'
import { formulaError, syntaxError } from './messages.ts'

export interface Parsed {
  readonly source: string
  /** Present even after mistakes: what is not there stands as `missing`. */
  readonly root: Node
  readonly tokens: readonly Token[]
  readonly comments: readonly Token[]
  readonly findings: readonly Finding[]
}

/** Low to high. `^` really is looser than `*`: 2*2^3 = 64, as in Salesforce. All are left-associative. */
const PRECEDENCE: { readonly [op: string]: number } = {
  '||': 1,
  '&&': 2,
  '=': 3,
  '==': 3,
  '<>': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '&': 5,
  '^': 6,
  '*': 7,
  '/': 7,
}
export const precedenceOf = (op: string): number => PRECEDENCE[op] ?? 0

const PREFIXES = new Set(['-', '+', '!'])
const CONSTANTS: { readonly [word: string]: true | false | null } = { TRUE: true, FALSE: false, NULL: null }

const isNot = (word: string): boolean => word.length === 3 && word.toUpperCase() === 'NOT'

/** Reads a formula; never throws. Too long or too deep gives one finding and what was read so far. */
export function parse(source: string): Parsed {
  if (source.length > LIMITS.characters) return tooLong(source)
  return new Parser(source).run()
}

function tooLong(source: string): Parsed {
  const at = { start: LIMITS.characters, end: source.length }
  const message = `The formula is ${source.length} characters long; ${LIMITS.characters} are allowed.`
  const finding = formulaError('TOO_LONG', message, at, 'Move a part of it into a formula field of its own.')
  return { source, root: { kind: 'missing', at }, tokens: [], comments: [], findings: [finding] }
}

class Parser {
  private readonly source: string
  private readonly findings: Finding[]
  private readonly tokens: readonly Token[]
  private readonly comments: readonly Token[]
  private position = 0
  private nesting = 0
  private nodes = 0
  /** Set once a guard has spoken; the rest is skipped in silence. */
  private stopped = false

  constructor(source: string) {
    this.source = source
    const lexed = lex(source)
    this.tokens = lexed.tokens
    this.comments = lexed.comments
    this.findings = [...lexed.findings]
  }

  run(): Parsed {
    const root = this.expression(0)
    if (!this.stopped && this.peek().kind !== 'end') this.leftover()
    return {
      source: this.source,
      root,
      tokens: this.tokens,
      comments: this.comments,
      findings: this.findings.slice(0, 20),
    }
  }

  private peek(): Token {
    return this.tokens[this.position]!
  }

  private take(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.position++
    return token
  }

  /** One mistake gives one finding: where one stands already, no second is given. */
  private report(message: string, at: Span, hint?: string): void {
    if (!this.stopped && !this.findings.some((finding) => finding.at?.start === at.start))
      this.findings.push(syntaxError(message, at, hint))
  }

  private stop(code: string, message: string, at: Span, hint: string): void {
    if (!this.stopped) this.findings.push(formulaError(code, message, at, hint))
    this.stopped = true
    this.position = this.tokens.length - 1
  }

  private expression(floor: number): Node {
    let left = this.prefix()
    for (let height = 1; ; height++) {
      const op = this.peek()
      const precedence = op.kind === 'op' ? precedenceOf(op.text) : 0
      if (precedence <= floor || this.tooMany(op.at, height)) return left
      this.position++
      const right = this.powerOfGroup(op, this.expression(precedence))
      left = { kind: 'binary', op: op.text, opAt: op.at, left, right, at: { start: left.at.start, end: right.at.end } }
    }
  }

  /**
   * `Principal * (1 + Rate / M) ^ (T * M)`: after * or / a base in parentheses takes its power first. Salesforce documents its compound
   * interest formula with that meaning, although `2*2^3` is 64.
   */
  private powerOfGroup(op: Token, base: Node): Node {
    const hat = this.peek()
    if (precedenceOf(op.text) !== 7 || base.kind !== 'group' || hat.text !== '^' || hat.kind !== 'op') return base
    this.position++
    const right = this.prefix()
    return { kind: 'binary', op: '^', opAt: hat.at, left: base, right, at: { start: base.at.start, end: right.at.end } }
  }

  private tooMany(at: Span, height: number): boolean {
    const nodes = ++this.nodes > LIMITS.nodes
    if (nodes)
      this.stop(
        'TOO_COMPLEX',
        `The formula has more than ${LIMITS.nodes} parts.`,
        at,
        'Move a part of it into a formula field of its own.',
      )
    if (height > LIMITS.height)
      this.stop(
        'TOO_COMPLEX',
        `More than ${LIMITS.height} operators stand in one row.`,
        at,
        'Put parentheses around parts of it.',
      )
    return this.stopped
  }

  private prefix(): Node {
    const token = this.peek()
    const prefix = PREFIXES.has(token.text) && token.kind === 'op'
    const word = token.kind === 'name' && isNot(token.text) && this.tokens[this.position + 1]?.kind !== 'open'
    if (!prefix && !word) return this.primary()
    this.position++
    return this.nested(token.at, () => {
      const operand = this.prefix()
      return { kind: 'unary', op: token.text, operand, at: { start: token.at.start, end: operand.at.end } }
    })
  }

  private nested(at: Span, read: () => Node): Node {
    if (++this.nesting > LIMITS.nesting) {
      this.stop(
        'TOO_DEEP',
        `Parentheses and functions stand more than ${LIMITS.nesting} deep inside each other.`,
        at,
        'Move an inner part into a formula field of its own.',
      )
    }
    const node = this.stopped ? this.missing(at) : read()
    this.nesting--
    return node
  }

  private missing(at: Span): MissingNode {
    return { kind: 'missing', at: { start: at.start, end: at.start } }
  }

  private primary(): Node {
    const token = this.peek()
    if (this.tooMany(token.at, 0)) return this.missing(token.at)
    if (token.kind === 'number' || token.kind === 'text' || token.kind === 'name' || token.kind === 'open')
      this.position++
    if (token.kind === 'number') return { kind: 'number', text: token.text, at: token.at }
    if (token.kind === 'text') return { kind: 'text', value: token.value ?? '', at: token.at }
    if (token.kind === 'name') return this.name(token)
    if (token.kind === 'open') return this.nested(token.at, () => this.group(token))
    return this.nothing(token)
  }

  private name(token: Token): Node {
    if (this.peek().kind === 'open') return this.nested(token.at, () => this.call(token))
    const constant = token.text.length > 5 ? undefined : CONSTANTS[token.text.toUpperCase()]
    if (constant !== undefined) return { kind: 'constant', text: token.text, value: constant, at: token.at }
    return { kind: 'path', text: token.text, at: token.at }
  }

  private group(open: Token): Node {
    const inner = this.expression(0)
    const end = this.closing(open, 'This parenthesis is never closed.')
    return { kind: 'group', inner, at: { start: open.at.start, end } }
  }

  private call(name: Token): Node {
    const open = this.take()
    const args: Node[] = []
    while (this.peek().kind !== 'close' && this.peek().kind !== 'end') {
      args.push(this.expression(0))
      if (this.peek().kind !== 'comma') break
      this.position++
      if (this.peek().kind === 'close') args.push(this.nothing(this.peek()))
    }
    const end = this.closing(open, `${name.text.toUpperCase()}( is never closed.`, name)
    return { kind: 'call', name: name.text, nameAt: name.at, args, at: { start: name.at.start, end } }
  }

  private closing(open: Token, message: string, call?: Token): number {
    const token = this.peek()
    if (token.kind === 'close') return this.take().at.end
    if (token.kind === 'end') this.report(message, open.at, 'Add ) where it ends.')
    else {
      this.report(...missingMessage(token, this.tokens[this.position - 1]!, call))
      this.skipToClose()
    }
    return this.peek().kind === 'close' ? this.take().at.end : this.peek().at.start
  }

  /** After a mistake inside parentheses: on to the parenthesis that closes them. */
  private skipToClose(): void {
    for (let depth = 0; this.peek().kind !== 'end'; this.position++) {
      const { kind } = this.peek()
      if (kind === 'open') depth++
      else if (kind === 'close' && depth-- === 0) return
    }
  }

  private nothing(token: Token): MissingNode {
    const before = this.tokens[this.position - 1]
    const mute = !before && this.findings.length > 0
    if (!mute) this.report(nothingMessage(token, before), spanOf(token, before))
    if (token.kind === 'op') this.position++
    return this.missing(token.at)
  }

  private leftover(): void {
    const token = this.peek()
    if (token.kind === 'close')
      this.report('This ) closes nothing.', token.at, 'Take it out, or add ( where it begins.')
    else if (token.kind === 'comma')
      this.report('This comma stands outside a function.', token.at, 'Write numbers without separators: 1000.')
    else this.report(`An operator is missing before ${shown(token)}.`, token.at, wordHint(token) ?? OPERATORS_HINT)
  }
}

const OPERATORS_HINT = 'Operators are + - * / ^ & = <> < > <= >= && ||.'
/** Words that other languages put between two values. */
const BETWEEN: { readonly [word: string]: string } = {
  AND: 'Write && between the conditions, or AND( … , … ) around them.',
  OR: 'Write || between the conditions, or OR( … , … ) around them.',
  LIKE: 'Write LIKE( … , … ).',
  IN: 'Write IN( … , … ).',
  THEN: 'Write IF( … , … , … ).',
}
const wordHint = (token: Token): string | undefined =>
  token.kind === 'name' ? BETWEEN[token.text.toUpperCase()] : undefined

const shown = (token: Token): string =>
  token.kind === 'end' ? 'the end' : token.kind === 'comma' ? 'the comma' : token.text.slice(0, 40)
const spanOf = (token: Token, before: Token | undefined): Span =>
  token.kind === 'end' && before ? before.at : token.at

/** Between two values that nothing joins, inside parentheses; `call` is the function whose they are. */
function missingMessage(token: Token, before: Token, call: Token | undefined): [string, Span, string] {
  const what = call ? 'a comma or an operator' : 'an operator'
  const where = call ? ` in ${call.text.toUpperCase()}( … )` : ''
  const def = call && functionNamed(call.text.toUpperCase())
  const hint = wordHint(token) ?? (def ? `Write ${def.signature}.` : OPERATORS_HINT)
  return [`Between ${shown(before)} and ${shown(token)} ${what} is missing${where}.`, token.at, hint]
}

function nothingMessage(token: Token, before: Token | undefined): string {
  if (token.kind === 'end' && !before) return 'The formula is empty.'
  const where = before ? `after ${shown(before)}` : 'at the beginning'
  return `Something is missing ${where}${token.kind === 'end' ? '' : `, before ${shown(token)}`}: a field, a value or a function.`
}
