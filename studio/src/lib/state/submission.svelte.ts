import { Refused } from '../api/account.ts'
import { messageOf, type FieldError } from '../api/errors.ts'

/** A form on its way to the server: under way or not, and what was refused, beside the field that the server names. */
export class Submission {
  busy = $state(false)
  /** What belongs to no field. */
  problem = $state<string>()
  errors = $state.raw<readonly FieldError[]>([])
  /** Of what was refused. */
  code = $state<string>()

  /** What the work gives; undefined when it failed. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.busy = true
    this.#say(undefined)
    try {
      return await work()
    } catch (error) {
      this.#say(error)
      return undefined
    } finally {
      this.busy = false
    }
  }

  errorOf(field: string): string | undefined {
    return this.errors.find((error) => error.field === field)?.message
  }

  #say(error: unknown) {
    const known = error instanceof Refused
    this.errors = known ? error.errors : []
    this.code = known ? error.code : undefined
    this.problem = error === undefined || this.errors.length > 0 ? undefined : messageOf(error)
  }
}
