/** An escape, a class, a count, the opening of a group, a setting of flags, or one character of a regular expression. */
export interface Piece {
  readonly text: string
  readonly count?: { readonly low: number; readonly high: number }
  /** Of the opening of a group: the index of the piece that closes it. */
  close?: number
}

const ESCAPE = String.raw`\\[pP](?:\{\^?\w*\}|\w)|\\x\{\w*\}|\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]`
const CLASS = String.raw`\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]`
const COUNT = String.raw`\{(\d{1,6})(?:,(\d{0,6}))?\}`
const OPENING = String.raw`\(\?(?:[-a-zA-Z]+\)|<?[=!]|>|[-a-zA-Z]*:|P?<\w+>)`
const PIECES = new RegExp(`${ESCAPE}|${CLASS}|${COUNT}|${OPENING}|[\\s\\S]`, 'g')

const FLAGS = /^\(\?[-a-zA-Z]+\)$/
export const isFlags = ({ text }: Piece): boolean => FLAGS.test(text)
export const isOpening = (piece: Piece): boolean => piece.text.startsWith('(') && !isFlags(piece)
export const isLookAhead = ({ text }: Piece): boolean => text === '(?=' || text === '(?!'
export const isRepeat = (piece: Piece | undefined): boolean => !!piece && (!!piece.count || '*+?'.includes(piece.text))

export function piecesOf(pattern: string): Piece[] {
  const open: Piece[] = []
  return Array.from(pattern.matchAll(PIECES), ([text, low, high], index) => {
    const piece: Piece = {
      text,
      ...(low !== undefined && { count: { low: Number(low), high: Number(high ?? 0) } }),
    }
    if (isOpening(piece)) open.push(piece)
    const opening = text === ')' ? open.pop() : undefined
    if (opening) opening.close = index
    return piece
  })
}
