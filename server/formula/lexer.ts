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

const OPERATORS = new Set(['&&', '||', '==', '!=', '<>', '<=', '>='])
/** What is written for an operator by mistake, and what is meant. */
const MISTAKEN: { readonly [text: string]: string } = { '=>': '>=', '=<': '<=', '><': '<>', '**': '^' }
const CURLY = /[“”„‟‘’‚‛]/
const ESCAPES: { readonly [char: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' }

/** What a character can begin, by its code. */
const [OTHER, BLANK, LETTER, DIGIT, OP, QUOTE, OPEN, CLOSE, COMMA, NAME_PART] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const CLASSES = new Uint8Array(128)
const classify = (chars: string, what: number): void =>
  [...chars].forEach((char) => (CLASSES[char.charCodeAt(0)] = what))
classify(' \t\n\r\f\v', BLANK)
classify('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$', LETTER)
classify('0123456789', DIGIT)
classify('-+*/^&=<>!|', OP)
classify('"\'', QUOTE)
classify('(', OPEN)
classify(')', CLOSE)
classify(',', COMMA)
classify('_:.#', NAME_PART)

/** Blanks beyond ASCII that come with pasted text: no-break, zero-width and others. */
const isWideBlank = (code: number): boolean =>
  code === 0xa0 || code === 0x200b || code === 0xfeff || (code > 127 && /\s/.test(String.fromCharCode(code)))
const classOf = (code: number): number => (code < 128 ? CLASSES[code]! : isWideBlank(code) ? BLANK : OTHER)

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
    while (this.at < this.source.length) this.next(classOf(this.source.charCodeAt(this.at)))
    this.tokens.push({ kind: 'end', text: '', at: { start: this.source.length, end: this.source.length } })
    return this
  }

  private next(what: number): void {
    if (what === BLANK) this.at++
    else if (what === LETTER) this.push('name', this.nameEnd())
    else if (what === DIGIT) this.push('number', this.numberEnd())
    else if (what === OPEN) this.push('open', this.at + 1)
    else if (what === CLOSE) this.push('close', this.at + 1)
    else if (what === COMMA) this.push('comma', this.at + 1)
    else if (what === QUOTE) this.text(this.source.charAt(this.at))
    else if (what === OP) this.operator()
    else this.unknown(this.source.charAt(this.at))
  }

  private nameEnd(): number {
    let end = this.at + 1
    for (; end < this.source.length; end++) {
      const what = classOf(this.source.charCodeAt(end))
      if (what !== LETTER && what !== DIGIT && what !== NAME_PART) break
    }
    return end
  }

  private digitsEnd(from: number): number {
    let end = from
    while (end < this.source.length && classOf(this.source.charCodeAt(end)) === DIGIT) end++
    return end
  }

  private numberEnd(): number {
    const whole = this.digitsEnd(this.at)
    if (this.source[whole] !== '.') return whole
    const decimals = this.digitsEnd(whole + 1)
    return decimals > whole + 1 ? decimals : whole
  }

  private operator(): void {
    if (classOf(this.source.charCodeAt(this.at + 1)) !== OP && this.source[this.at] !== '|')
      return this.push('op', this.at + 1)
    if (this.source.startsWith('/*', this.at)) return this.comment()
    const two = this.source.slice(this.at, this.at + 2)
    const meant = MISTAKEN[two]
    if (meant) this.mistaken(`${two} is not an operator.`, `Write ${meant}.`, 'op', this.at + 2, meant)
    else if (OPERATORS.has(two)) this.push('op', this.at + 2)
    else if (two[0] === '|') this.unknown('|')
    else this.push('op', this.at + 1)
  }

  /** Says so and reads on as if what is meant stood there. */
  private mistaken(message: string, hint: string, kind: TokenKind, end: number, text: string): void {
    const at = { start: this.at, end }
    this.findings.push(syntaxError(message, at, hint))
    this.tokens.push({ kind, text, at, ...(kind === 'text' ? { value: text } : {}) })
    this.at = end
  }

  private push(kind: TokenKind, end: number, value?: string): void {
    this.tokens.push({ kind, text: this.source.slice(this.at, end), value, at: { start: this.at, end } })
    this.at = end
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
    this.checkLines(this.at, end, i < this.source.length ? undefined : quote)
    this.push('text', end, value)
  }

  /** A text stands on one line; the finding covers what stands on its first. */
  private checkLines(start: number, end: number, missing: string | undefined): void {
    const line = /[\n\r]/.exec(this.source.slice(start, end))?.index
    const at = { start, end: line === undefined ? end : start + line }
    if (missing) this.findings.push(syntaxError('This text is never closed.', at, `Add ${missing} where it ends.`))
    else if (line !== undefined)
      this.findings.push(
        syntaxError('This text goes on over the end of the line.', at, 'Write \\n where the line breaks.'),
      )
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
    else if (char === ';')
      this.mistaken('";" separates nothing here.', 'Separate arguments with commas.', 'comma', at.end, ',')
    else if (CURLY.test(char)) this.curly(char)
    else {
      this.at = at.end
      const hint = char === '.' && /\d/.test(this.source.charAt(at.end)) ? 'Write 0.5, not .5.' : HINTS[char]
      this.findings.push(
        syntaxError(`"${char}" can't stand in a formula.`, at, hint ?? 'Take it out, or put it in quotes.'),
      )
    }
  }

  /** What stands between curly quotes is read as the text that is meant. */
  private curly(quote: string): void {
    const length = this.source.slice(this.at + 1).search(CURLY)
    const end = length < 0 ? this.at + 1 : this.at + length + 2
    const value = this.source.slice(this.at + 1, Math.max(this.at + 1, end - 1))
    this.mistaken(
      `The curly quote ${quote} can't stand in a formula.`,
      'Write straight quotes: "…".',
      'text',
      end,
      value,
    )
  }
}

const HINTS: { readonly [char: string]: string } = {
  '%': 'For a share write 0.1 instead of 10%; for a remainder use MOD( … , … ).',
  '?': 'Use IF( … , … , … ).',
  '[': "Write the field's name without brackets.",
  ']': "Write the field's name without brackets.",
  '{': "Write the field's name without braces.",
}
