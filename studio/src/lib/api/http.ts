import { serverClock } from '../state/server-clock.svelte.ts'
import { ApiError, offline } from './errors.ts'

/** Sends JSON to our own server and reads JSON back; the server's clock is noted from every answer. */
export function sendJson(
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  const init: RequestInit =
    body === undefined
      ? { headers: { accept: 'application/json' } }
      : {
          method: 'POST',
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  return send(path, { ...init, ...(signal ? { signal } : {}) })
}

/** The same for any other request. */
export async function send(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  const sent = Date.now()
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === 'AbortError' ? error : offline()
  })
  serverClock.note(response.headers.get('milepost-time'), sent)
  return { status: response.status, body: await readBody(response) }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('BAD_ANSWER', `The server answered with something that is not JSON (status ${response.status}).`)
  }
}
