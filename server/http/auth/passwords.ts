/** Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's minimum), in the PHC string form. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const run = promisify(argon2)
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/** Long passphrases are welcome; beyond this it is an attack on the hash. */
export const MAX_PASSWORD = 1_000
const MIN_PASSWORD = 12

const derive = (
  password: string,
  nonce: Uint8Array,
  p: { memory: number; passes: number; parallelism: number },
): Promise<Buffer> =>
  run('argon2id', { message: password.normalize('NFKC'), nonce, tagLength: PARAMETERS.tagLength, ...p })

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const { memory, passes, parallelism } = PARAMETERS
  const hash = await derive(password, nonce, PARAMETERS)
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${nonce.toString('base64')}$${hash.toString('base64')}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/

/** A hash that is not there or can't be read costs the same time as one that is. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const m = PHC.exec(stored ?? '')
  if (!m || password.length > MAX_PASSWORD) {
    await derive('nobody', randomBytes(16), PARAMETERS)
    return false
  }
  const expected = Buffer.from(m[5]!, 'base64')
  const found = await derive(password, Buffer.from(m[4]!, 'base64'), {
    memory: Number(m[1]),
    passes: Number(m[2]),
    parallelism: Number(m[3]),
  })
  return found.length === expected.length && timingSafeEqual(found, expected)
}

export function passwordProblem(password: string): string | undefined {
  if (password.length < MIN_PASSWORD) return `A password needs at least ${MIN_PASSWORD} characters.`
  if (password.length > MAX_PASSWORD) return `A password has at most ${MAX_PASSWORD} characters.`
  return undefined
}
