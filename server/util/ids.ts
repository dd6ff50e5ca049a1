/**
 * Record ids: 18 characters of [0-9A-Za-z], sorted by time under a binary collation.
 * 3 characters key prefix of the object (so a polymorphic reference names its object), 8 of milliseconds, 7 of randomness that counts up within a millisecond.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_SPACE = 62 ** 7

export function base62(value: number, width: number): string {
  let rest = value
  let text = ''
  for (let i = 0; i < width; i++) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** Makes ids; `random` gives a number in [0, 1). Ids of one maker are strictly increasing per prefix as long as the clock does not run back. */
export function idMaker(random: () => number): (keyPrefix: string, at: number) => string {
  let lastAt = -1
  let counter = 0
  return (keyPrefix, at) => {
    if (at > lastAt) {
      lastAt = at
      counter = Math.floor(random() * (RANDOM_SPACE / 2))
    } else counter++
    return keyPrefix + base62(lastAt, 8) + base62(counter, 7)
  }
}

export const isId = (text: string): boolean => /^[0-9A-Za-z]{18}$/.test(text)
export const keyPrefixOf = (id: string): string => id.slice(0, 3)
