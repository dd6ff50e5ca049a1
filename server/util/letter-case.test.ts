import { expect, test } from 'vitest'
import { hasCaseBeyondAscii, inEveryCase } from './letter-case.ts'

test.each([
  ['a', 'aA'], ['Z', 'zZ'], ['s', 'sS'], ['ü', 'Üü'], ['ẞ', 'ßẞ'], ['ß', 'ßẞ'], ['ς', 'Σςσ'], ['ǅ', 'Ǆǅǆ'], ['µ', 'µΜμ'], ['Ж', 'Жж'], ['𐐨', '𐐀𐐨'],
  ['ı', 'ı'], ['İ', 'İ'], ['ſ', 'ſ'], ['\u212a', '\u212a'], ['1', '1'], ['漢', '漢'], ['*', '*'], ['\u0308', '\u0308'],
])('%s in every case: %s', (character, forms) => expect(inEveryCase(character)).toBe(forms)) // prettier-ignore

test('every form of a letter has the same forms', () => {
  const cased = Array.from({ length: 0x10ffff }, (_, code) => String.fromCodePoint(code)).filter(hasCaseBeyondAscii)
  expect(cased.length).toBeGreaterThan(2800)
  const uneven = cased.filter((letter) => [...inEveryCase(letter)].some((form) => inEveryCase(form) !== inEveryCase(letter))) // prettier-ignore
  expect(uneven).toEqual([])
  expect(cased.filter((letter) => !inEveryCase(letter).includes(letter))).toEqual([])
})
