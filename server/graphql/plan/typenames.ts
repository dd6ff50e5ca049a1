/** Puts `__typename`s into JSON text where SQL has printed a marked key with some value. */
import { randomBytes } from 'node:crypto'

/** Not guessable, so that nobody's data can look like a mark; short, because PostgreSQL cuts names at 63 bytes. */
export const MARK = `$t${randomBytes(4).toString('hex')}:`
const MARKED = new RegExp(`"${MARK.replace('$', String.raw`\$`)}(\\d+)":("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]+)`, 'g')

export function withTypenames(
  text: string,
  typenames: readonly { readonly key: string; readonly type: string }[],
): string {
  if (!typenames.length) return text
  return text.replaceAll(MARKED, (_, index: string) => {
    const { key, type } = typenames[Number(index)]!
    return `${JSON.stringify(key)}:${JSON.stringify(type)}`
  })
}
