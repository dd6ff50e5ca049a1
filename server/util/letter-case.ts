/**
 * Which characters are one letter in another case: Unicode's simple case folding, as JavaScript's regular expressions have it, letter by letter and in no language's own way.
 * `Ü` is `ü`, `ẞ` is `ß` (and not `ss`), `Σ` is `σ` and `ς`; `i` is neither `ı` nor `İ`; accents count. Letters of ASCII are alike among themselves only: `ſ` is no `s`.
 */
const BEYOND_ASCII = /[\p{Changes_When_Casemapped}--\p{ASCII}]/gv
/** Planes beyond hold ideographs and signs without case. */
const LAST = 0x1ffff

/** Whether it has a letter beyond ASCII that has a case. */
export const hasCaseBeyondAscii = (text: string): boolean => text.search(BEYOND_ASCII) >= 0

/** The character in each of its cases; itself when it has none. */
export function inEveryCase(character: string): string {
  if (/^[a-z]$/i.test(character)) return character.toLowerCase() + character.toUpperCase()
  return hasCaseBeyondAscii(character) ? formsOf(character) : character
}

const forms = new Map<string, string>()

function formsOf(letter: string): string {
  const known = forms.get(letter) ?? letters().match(new RegExp(letter, 'giu'))!.join('')
  forms.set(letter, known)
  return known
}

let all: string | undefined

/** Every letter beyond ASCII that has a case: looked for when first needed, which takes some milliseconds. */
function letters(): string {
  all ??= Array.from({ length: LAST }, (_, code) => String.fromCodePoint(code)).join('').match(BEYOND_ASCII)!.join('') // prettier-ignore
  return all
}
