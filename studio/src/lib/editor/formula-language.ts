/** Between the formula room and the editor: colours line by line, offsets into what the editor wants. Knows no editor. */
import { tokens, type ColouredToken, type Suggestion } from '#formula'

/** What a line begins inside of: nothing, a comment, or a text with its quote. */
export type LineState = '' | '*' | '"' | "'"
export interface LineToken {
  readonly startIndex: number
  readonly scopes: `${ColouredToken['kind'] | 'space'}`
}

/** Colours of one line, with what the line before left open. */
export function colourLine(line: string, state: LineState): { tokens: readonly LineToken[]; endState: LineState } {
  const opening = state === '*' ? '/*' : state
  const coloured = tokens(opening + line)
  const last = coloured.at(-1)
  const endState = last && last.at.end >= opening.length + line.length ? leftOpen(opening + line, last) : ''
  return { tokens: gapless(coloured, opening.length), endState: line === '' && opening ? state : endState }
}

function leftOpen(text: string, { at, kind }: ColouredToken): LineState {
  const written = text.slice(at.start, at.end)
  if (kind === 'comment') return written.startsWith('/*') && !/^\/\*[^]*\*\/$/.test(written) ? '*' : ''
  if (kind !== 'text') return ''
  const quote = written[0] as '"' | "'"
  return /^(["'])(?:\\.|(?!\1)[^\\])*\1$/.test(written) ? '' : quote
}

/** The editor paints from each start to the next one: what stands between two tokens must have its own. */
function gapless(coloured: readonly ColouredToken[], shift: number): readonly LineToken[] {
  const out: LineToken[] = []
  let end = shift
  for (const { at, kind } of coloured) {
    if (at.end <= shift) continue
    if (at.start > end) out.push({ startIndex: end - shift, scopes: 'space' })
    out.push({ startIndex: Math.max(at.start, shift) - shift, scopes: kind })
    end = at.end
  }
  return out
}

/** What a chosen suggestion writes: a function with its parentheses and the cursor between them, unless some stand there. */
export function snippetOf(suggestion: Suggestion, following: string): string {
  const text = suggestion.insert.replaceAll(/[\\$}]/g, '\\$&')
  if (suggestion.kind !== 'function') return text
  if (following.startsWith('(')) return text.replace(/\($/, '')
  return suggestion.detail?.endsWith('()') ? `${text})` : `${text}$0)`
}

/** Line and column, from 1, of an offset. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}
