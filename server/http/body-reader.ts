/**
 * The JSON of a GraphQL request, taken apart as its bytes come. What is short is parsed at the end, in one go. A long list among the variables, the rows of
 * a …Many mutation or the documents of a plan, is parsed piece by piece, so that 20 MB never stop the server; for whom and for what it may be long is known before.
 */
import { LIMITS } from '#graphql'
import { inexactNumber, inexactText } from '#util'
import { JsonNesting, TOO_DEEP } from './json-nesting.ts'

export class BodyError extends Error {
  readonly status: number
  /** Seconds. */
  readonly retryAfter: number | undefined
  constructor(status: number, message: string, retryAfter?: number) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export interface GraphqlBody {
  readonly query?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
}

const PIECE_BYTES = 32_768
const COMMA = 0x2c
const OPEN_LIST = 0x5b
/** `{ "variables": { "input": [ … ] } }` */
const LIST_DEPTH = 3
const CLOSE = ']}}'
const NO_OBJECT = 'The body must be a JSON object with a "query".'

export class BodyReader {
  /** Bytes that a request may have: in all, and without its long lists. */
  readonly #most: { readonly all: number; readonly short: number }
  readonly #nesting = new JsonNesting()
  readonly #lists = new Map<string, unknown[]>()
  #kept: Buffer[] = []
  #keptBytes = 0
  #bytes = 0
  /** How much is kept before the first entry of the list that is open, and the entries parsed already. */
  #listAt: number | undefined
  #list: unknown[] | undefined

  constructor({ bulk }: { readonly bulk: boolean }) {
    this.#most = bulk
      ? { all: LIMITS.bulkBytes, short: LIMITS.entryBytes }
      : { all: LIMITS.anonymousBytes, short: LIMITS.anonymousBytes }
  }

  /** Only what writes records or plans metadata may be. */
  get isLong(): boolean {
    return this.#bytes > LIMITS.bodyBytes
  }

  take(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.#bytes > this.#most.all) throw this.#tooLarge()
    let from = 0
    for (let at = this.#nesting.next(bytes, 0); at >= 0; at = this.#nesting.next(bytes, at + 1))
      from = this.#structure(bytes, from, at)
    this.#keep(bytes.subarray(from))
  }

  finish(): GraphqlBody {
    const body = parsedBody(Buffer.concat(this.#kept).toString('utf8'))
    if (this.isLong && !mayBeLong(body)) throw this.#tooLarge()
    if (this.#lists.size === 0) return body
    return { ...body, variables: { ...(body.variables as object), ...Object.fromEntries(this.#lists) } }
  }

  /** `from`: what of these bytes is not kept yet; gives the same again. */
  #structure(bytes: Buffer, from: number, at: number): number {
    const { depth, tooDeep } = this.#nesting
    if (tooDeep) throw new BodyError(400, TOO_DEEP)
    if (depth === LIST_DEPTH && bytes[at] === OPEN_LIST) return this.#openList(bytes, from, at)
    if (this.#listAt === undefined) return from
    if (depth < LIST_DEPTH) return this.#closeList(bytes, from, at)
    const waiting = this.#keptBytes - this.#listAt + at - from
    if (depth > LIST_DEPTH || bytes[at] !== COMMA || waiting < PIECE_BYTES) return from
    this.#keep(bytes.subarray(from, at))
    this.#parsePiece()
    return at + 1
  }

  #openList(bytes: Buffer, from: number, at: number): number {
    this.#keep(bytes.subarray(from, at + 1))
    this.#listAt = this.#keptBytes
    return at + 1
  }

  #closeList(bytes: Buffer, from: number, at: number): number {
    if (this.#list) {
      this.#keep(bytes.subarray(from, at))
      this.#parsePiece()
    }
    const rest = this.#list ? at : from
    this.#list = this.#listAt = undefined
    return rest
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    const before = this.#listAt ?? this.#keptBytes
    if (before > this.#most.short || this.#keptBytes - before > LIMITS.entryBytes) throw this.#tooLarge()
  }

  #parsePiece(): void {
    const all = Buffer.concat(this.#kept)
    const before = all.subarray(0, this.#listAt)
    this.#list ??= this.#startList(before.toString('utf8'))
    const entries = parsed(`[${all.toString('utf8', this.#listAt)}]`) as unknown[]
    if (entries.length === 0) throw new BodyError(400, NO_OBJECT)
    for (const entry of entries) this.#list.push(entry)
    this.#kept = [before]
    this.#keptBytes = before.length
  }

  /** What stands before a list says which variable it is, and mostly already of which document. */
  #startList(before: string): unknown[] {
    const body = parsedBody(before + CLOSE)
    const name = Object.keys(body.variables ?? {}).at(-1)
    if (Object.keys(body).at(-1) !== 'variables' || name === undefined) throw this.#tooLarge()
    if (this.isLong && body.query !== undefined && !mayBeLong(body)) throw this.#tooLarge()
    const list: unknown[] = []
    this.#lists.set(name, list)
    return list
  }

  #tooLarge(): BodyError {
    if (this.#most.all === this.#most.short)
      return new BodyError(413, `The request is larger than ${this.#most.short / 1000} kB; those who have signed in may send more.`) // prettier-ignore
    const most = `${LIMITS.entryBytes / 1_000_000} MB of one record or document, and ${LIMITS.bulkBytes / 1_000_000} MB of a list of them`
    return new BodyError(413, `The request is larger than ${LIMITS.bodyBytes / 1000} kB; only the variables of a mutation that writes records or plans metadata may be, up to ${most}.`) // prettier-ignore
  }
}

function parsed(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BodyError(400, NO_OBJECT)
  }
  const inexact = inexactNumber(text)
  if (inexact !== undefined) throw new BodyError(400, inexactText(inexact))
  return value
}

function parsedBody(text: string): GraphqlBody {
  const body = parsed(text)
  if (body && typeof body === 'object' && !Array.isArray(body)) return body
  throw new BodyError(400, NO_OBJECT)
}

/** Records with long texts, lists of them, and the documents of an organisation. */
const mayBeLong = ({ query }: GraphqlBody): boolean =>
  typeof query === 'string' &&
  query.length <= LIMITS.bodyBytes &&
  /^\s*mutation\b/.test(query) &&
  /(?:Create|Update|Upsert|Many|\bmetadataPlan)\b/.test(query)
