/** What a password must be, its hash, and the check of one that is given. NIST's rules: length and guessability, nothing about kinds of characters. */
import type { GuessJob } from './password-threads/guess-thread.ts'
import type { Guessability } from './password-threads/guessability.ts'
import type { HashJob } from './password-threads/hash-thread.ts'
import { WorkerThread, type Asker } from './password-threads/worker-thread.ts'

export { BusyError, type Asker } from './password-threads/worker-thread.ts'

/** Long passphrases are welcome; beyond this it is an attack on the hash. */
export const MAX_PASSWORD = 1_000
const MIN_PASSWORD = 12
const GOOD_SCORE = 3
/** The first to be tried on any Milepost. */
const OWN_NAME = 'milepost'

export interface Strength {
  readonly score: number
  /** Why it is refused, in words; absent when it will do. */
  readonly problem?: string
}

/** Of a new password that is the present one. */
export const NOT_NEW = 'This is the present password. Choose another one.'

/** As they are hashed: however an accent was typed. */
export const isSamePassword = (a: string, b: string): boolean => a.normalize('NFKC') === b.normalize('NFKC')

export class Passwords {
  readonly #hashing = new WorkerThread<HashJob, string | boolean>(
    new URL('./password-threads/hash-thread.ts', import.meta.url),
  )
  readonly #guessing = new WorkerThread<GuessJob, Guessability>(
    new URL('./password-threads/guess-thread.ts', import.meta.url),
  )

  async hash(by: Asker, password: string): Promise<string> {
    return (await this.#hashing.ask(by, { kind: 'hash', password })) as string
  }

  /** `stored` undefined takes as long and is false. */
  async verify(by: Asker, password: string, stored: string | undefined): Promise<boolean> {
    return (await this.#hashing.ask(by, { kind: 'verify', password, stored })) as boolean
  }

  /** `about`: names and addresses of the person and the organisation. */
  async strength(by: Asker, password: string, about: readonly string[]): Promise<Strength> {
    const length = lengthProblem(password)
    if (length) return { score: 0, problem: length }
    const found = await this.#guessing.ask(by, { password: password.normalize('NFKC'), about: guessesFrom(about) })
    return found.score < GOOD_SCORE ? { score: found.score, problem: weakness(found) } : { score: found.score }
  }

  async close(): Promise<void> {
    await Promise.all([this.#hashing.close(), this.#guessing.close()])
  }
}

function lengthProblem(password: string): string | undefined {
  if (password.length < MIN_PASSWORD) return `A password needs at least ${MIN_PASSWORD} characters.`
  if (password.length > MAX_PASSWORD) return `A password has at most ${MAX_PASSWORD} characters.`
  return undefined
}

/** Each text and the words in it: of "ana@example.com" also "ana" and "example". */
const guessesFrom = (about: readonly string[]): string[] => [
  ...new Set([OWN_NAME, ...about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])].filter(Boolean)),
]

const weakness = ({ warning, suggestions }: Guessability): string =>
  ['This password is easy to guess.', warning, suggestions[0] ?? 'A sentence of four or more unusual words is hard to guess and easy to remember.'].filter(Boolean).join(' ') // prettier-ignore
