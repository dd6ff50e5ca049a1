/** Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's minimum), in the PHC string form. It takes its time, so it runs in a thread. */
import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 } as const
const TAG_LENGTH = 32

const derive = (password: string, nonce: Uint8Array, parameters: Record<keyof typeof PARAMETERS, number>): Buffer =>
  argon2Sync('argon2id', { message: password.normalize('NFKC'), nonce, tagLength: TAG_LENGTH, ...parameters })

export function hashPassword(password: string): string {
  const nonce = randomBytes(16)
  const { memory, passes, parallelism } = PARAMETERS
  const hash = derive(password, nonce, PARAMETERS)
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${nonce.toString('base64')}$${hash.toString('base64')}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/

/** A hash that is not there or can't be read costs the same time as one that is. */
export function verifyPassword(password: string, stored: string | undefined): boolean {
  const m = PHC.exec(stored ?? '')
  if (!m) {
    derive(password, randomBytes(16), PARAMETERS)
    return false
  }
  const expected = Buffer.from(m[5]!, 'base64')
  const [memory, passes, parallelism] = [Number(m[1]), Number(m[2]), Number(m[3])]
  const found = derive(password, Buffer.from(m[4]!, 'base64'), { memory, passes, parallelism })
  return found.length === expected.length && timingSafeEqual(found, expected)
}
