import { serverClock } from '../state/server-clock.svelte.ts'
import { ApiError, offline } from './errors.ts'

/** Sends JSON to our own server and reads JSON back; the server's clock is noted from every answer. */
export async function sendJson(
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  const sent = Date.now()
  const init: RequestInit = {
    method: body === undefined ? 'GET' : 'POST',
    credentials: 'same-origin',
    headers:
      body === undefined
        ? { accept: 'application/json' }
        : { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }
  const response = await fetch(path, init).catch((error: unknown) => {
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
