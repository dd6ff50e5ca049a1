import type { Finding } from '#util'
import type { Span } from './ast.ts'
import { formulaError } from './messages.ts'

/**
 * Thrown inside an evaluation, caught by `evaluate` and by IFERROR, never seen outside the room. Light on purpose: no stack.
 * The message names no value: whoever reads it (a save refused, a log) may be somebody who may not read what the formula reads.
 */
export class Failure {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  at: Span | undefined

  constructor(code: string, message: string, hint?: string) {
    this.code = code
    this.message = message
    this.hint = hint
  }
}

export const fail = (code: string, message: string, hint?: string): Failure => new Failure(code, message, hint)

/** The finding for whatever stopped an evaluation. */
export function failureFinding(error: unknown): Finding {
  if (error instanceof Failure) return formulaError(error.code, error.message, error.at, error.hint)
  if (error instanceof RangeError)
    return formulaError(
      'TOO_COMPLEX',
      'The formula is too deeply nested to be worked out.',
      undefined,
      'Split it into several formula fields.',
    )
  return formulaError(
    'EVALUATION',
    "The formula can't be worked out for this record.",
    undefined,
    'Check the values it reads.',
  )
}

/** Gives an error the place it comes from, the innermost first. */
export function placed(error: unknown, at: Span): unknown {
  if (error instanceof Failure) error.at ??= at
  return error
}
