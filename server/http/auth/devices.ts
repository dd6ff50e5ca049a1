/**
 * OWASP's device cookies: a browser in which somebody has signed in keeps a proof of it. Guesses of others do not count against that person there, and
 * the proof opens nothing by itself. Its form is `<id>.<proof>.<proof>…`: that the id is ours, then one for each account, newest first.
 */
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Response } from 'express'
import { cookieOf } from './authenticate.ts'
import { newToken, sameText } from './tokens.ts'

const AGE = 400 * 24 * 3_600_000
const MAX_ACCOUNTS = 8
const FORM = /^[\w-]{43}(\.[\w-]{43})+$/

export class Devices {
  readonly #key: Buffer
  readonly #secure: boolean

  /** `secret`: the same on every node. */
  constructor(secret: string, secure: boolean) {
    this.#key = createHmac('sha256', secret).update('device cookies').digest()
    this.#secure = secure
  }

  /** Whether somebody, whoever it was, has signed in from it. */
  isKnown(headers: IncomingHttpHeaders): boolean {
    return this.#read(headers).length > 0
  }

  /** The device's id, when this account has been signed in to from it. */
  idFor(headers: IncomingHttpHeaders, userId: string): string | undefined {
    const [id, ...proofs] = this.#read(headers)
    return id && proofs.some((proof) => sameText(proof, this.#proof(id, userId))) ? id : undefined
  }

  remember(headers: IncomingHttpHeaders, response: Response, userId: string): void {
    const [id = newToken(), ...proofs] = this.#read(headers)
    const own = this.#proof(id, userId)
    const value = [
      id,
      this.#proof(id),
      own,
      ...proofs.filter((proof) => proof !== own).slice(0, MAX_ACCOUNTS - 1),
    ].join('.')
    response.cookie(this.#name, value, { httpOnly: true, secure: this.#secure, sameSite: 'strict', path: '/', maxAge: AGE }) // prettier-ignore
  }

  get #name(): string {
    return this.#secure ? '__Host-milepost-device' : 'milepost_device'
  }

  #read(headers: IncomingHttpHeaders): string[] {
    const text = cookieOf(headers, this.#name) ?? ''
    const [id = '', ours = '', ...proofs] = FORM.test(text) ? text.split('.') : []
    return sameText(ours, this.#proof(id)) ? [id, ...proofs.slice(0, MAX_ACCOUNTS)] : []
  }

  #proof(id: string, userId = ''): string {
    return createHmac('sha256', this.#key).update(`${id} ${userId}`).digest('base64url')
  }
}
