/** Follows JSON as its bytes come, without keeping or parsing them: parsing what is nested too deep is what an attack is after. */
import { LIMITS } from '#graphql'
import { inexactNumber, inexactText } from '#util'

const [QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('",[\\]{}')

export class JsonNesting {
  /** Behind the byte found last. */
  depth = 0
  #inText = false
  #escaped = false

  get tooDeep(): boolean {
    return this.depth > LIMITS.nesting
  }

  /** Where the next bracket or comma outside of a text stands; -1: there is none in this piece. */
  next(bytes: Uint8Array, from: number): number {
    let at = this.#inText ? this.#endOfText(bytes, from) : from
    while (at < bytes.length) {
      const byte = bytes[at]
      if (byte === OPEN_LIST || byte === OPEN_OBJECT) return (this.depth++, at)
      if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) return (this.depth--, at)
      if (byte === COMMA) return at
      at = byte === QUOTE ? this.#endOfText(bytes, at + 1) : at + 1
    }
    return -1
  }

  /** Behind its closing quote; the length of the piece when the text goes on. */
  #endOfText(bytes: Uint8Array, from: number): number {
    let escaped = this.#escaped
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) return ((this.#escaped = this.#inText = false), at + 1)
    }
    this.#escaped = escaped
    this.#inText = true
    return bytes.length
  }
}

/** Why a short JSON text is not taken, in words. */
export function jsonProblem(json: Buffer): string | undefined {
  if (isNestedTooDeep(json)) return TOO_DEEP
  const inexact = inexactNumber(json.toString())
  return inexact === undefined ? undefined : inexactText(inexact)
}

function isNestedTooDeep(json: Uint8Array): boolean {
  const nesting = new JsonNesting()
  for (let at = nesting.next(json, 0); at >= 0; at = nesting.next(json, at + 1)) if (nesting.tooDeep) return true
  return false
}

export const TOO_DEEP = `JSON may be nested ${LIMITS.nesting} levels deep at most.`
