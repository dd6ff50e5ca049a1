import type { Finding } from '#util'

/** An error finding at a JSON path of the definition. */
export const problem = (code: string, path: string, message: string, hint?: string): Finding => ({
  code,
  severity: 'error',
  message,
  ...(hint ? { hint } : {}),
  ...(path ? { path } : {}),
})
