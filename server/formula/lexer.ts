import type { Finding } from '#util'
import type { Span } from './ast.ts'
import { syntaxError } from './messages.ts'

export type TokenKind = 'number' | 'text' | 'name' | 'op' | 'open' | 'close' | 'comma' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; for text literals the quotes included. */
  readonly text: string
  /** The unescaped content of a text literal. */
  readonly value?: string
  readonly at: Span
}

export interface Lexed {
  /** Ends with one `end` token. */
  readonly tokens: readonly Token[]
  readonly comments: readonly Token[]
  readonly findings: readonly Finding[]
}

const BLANK = /[\s\u00a0\u200b\ufeff]+/y
const NUMBER = /\d+(?:\.\d+)?/y
const NAME = /[A-Za-z$][A-Za-z0-9_$:.#]*/y
const OPERATOR = /&&|\|\||==|!=|<>|<=|>=|[-+*/^&=<>!]/y
const PUNCTUATION: { readonly [char: string]: TokenKind } = { '(': 'open', ')': 'close', ',': 'comma' }
const ESCAPES: { readonly [char: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' }

export function lex(source: string): Lexed {
  return new Lexer(source).run()
}

class Lexer {
  readonly tokens: Token[] = []
  readonly comments: Token[] = []
  readonly findings: Finding[] = []
  private readonly source: string
  private at = 0

  constructor(source: string) {
    this.source = source
  }

  run(): Lexed {
    while (this.at < this.source.length) this.next()
    this.tokens.push({ kind: 'end', text: '', at: { start: this.source.length, end: this.source.length } })
    return this
  }

  private next(): void {
    const char = this.source.charAt(this.at)
    const punctuation = PUNCTUATION[char]
    if (this.match(BLANK) !== undefined) return
    if (char === '"' || char === "'") return this.text(char)
    if (this.source.startsWith('/*', this.at)) return this.comment()
    if (punctuation) this.push(punctuation, char)
    else if (!this.take(NAME, 'name') && !this.take(NUMBER, 'number') && !this.take(OPERATOR, 'op')) this.unknown(char)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const text = pattern.exec(this.source)?.[0]
    if (text !== undefined && pattern === BLANK) this.at += text.length
    return text
  }

  private take(pattern: RegExp, kind: TokenKind): boolean {
    const text = this.match(pattern)
    if (text !== undefined) this.push(kind, text)
    return text !== undefined
  }

  private push(kind: TokenKind, text: string, value?: string): void {
    this.tokens.push({ kind, text, value, at: { start: this.at, end: this.at + text.length } })
    this.at += text.length
  }

  private comment(): void {
    const close = this.source.indexOf('*/', this.at + 2)
    const end = close < 0 ? this.source.length : close + 2
    const at = { start: this.at, end }
    if (close < 0) this.findings.push(syntaxError('This comment is never closed.', at, 'Add */ where it ends.'))
    this.comments.push({ kind: 'text', text: this.source.slice(this.at, end), at })
    this.at = end
  }

  private text(quote: string): void {
    let value = ''
    let i = this.at + 1
    for (; i < this.source.length && this.source[i] !== quote; i++) {
      if (this.source[i] !== '\\') value += this.source[i]
      else value += this.escape(++i)
    }
    const end = Math.min(i + 1, this.source.length)
    const at = { start: this.at, end }
    if (i >= this.source.length)
      this.findings.push(syntaxError('This text is never closed.', at, `Add ${quote} where it ends.`))
    this.push('text', this.source.slice(this.at, end), value)
  }

  private escape(i: number): string {
    const char = this.source.charAt(i)
    const value = ESCAPES[char]
    if (value !== undefined || char === '') return value ?? ''
    const hint = `Write \\\\${char} for a backslash followed by ${char}.`
    this.findings.push(syntaxError(`\\${char} means nothing in a text.`, { start: i - 1, end: i + 1 }, hint))
    return char
  }

  /** The template braces of `{!expression}` are left out; anything else is a mistake. */
  private unknown(char: string): void {
    const at = { start: this.at, end: this.at + 1 }
    if (this.source.startsWith('{!', this.at)) this.at += 2
    else if (char === '}' && this.source.includes('{!')) this.at++
    else {
      this.at = at.end
      this.findings.push(
        syntaxError(
          `${quoted(char)} can't stand in a formula.`,
          at,
          char === '.' ? 'Write 0.5, not .5.' : 'Take it out, or put it in quotes.',
        ),
      )
    }
  }
}

const quoted = (char: string): string =>
  char === '“' || char === '”' || char === '’' ? `The curly quote ${char}` : `"${char}"`
