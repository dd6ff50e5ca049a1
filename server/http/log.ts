/** One line for each error that callers don't see, as JSON on standard error. The id is what the caller was told. */
import { randomBytes } from 'node:crypto'

export type LogError = (error: unknown) => string

export const logError: LogError = (error) => {
  const id = randomBytes(4).toString('hex')
  const { message, stack, code, cause } =
    error instanceof Error
      ? (error as Error & { code?: unknown })
      : { message: String(error), stack: undefined, code: undefined, cause: undefined }
  const why = cause instanceof Error ? cause.message : undefined
  process.stderr.write(
    `${JSON.stringify({ at: new Date().toISOString(), level: 'error', id, code, message, why, stack })}\n`,
  )
  return id
}
