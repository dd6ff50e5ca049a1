import { liveState } from '../state/live-state.svelte.ts'

type Client = import('graphql-ws').Client
let client: Promise<Client> | undefined

/** graphql-ws's "Forbidden". It is tried again by itself, and goes well when there is a new session. */
const SESSION_ENDED = 4403
let onSessionEnded: () => void = () => {}
/** Called when the server has shut the socket because what it was opened with has ended. */
export const whenSessionEnded = (callback: () => void) => (onSessionEnded = callback)

/** The socket's code is fetched with the first subscription, so it never stands in the way of the first paint. */
async function connect(): Promise<Client> {
  const { createClient } = await import('graphql-ws')
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
  return createClient({
    url,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(500 * 2 ** retries, 8000) * (0.75 + Math.random() / 2)),
      )
    },
    keepAlive: 20_000,
    on: {
      connected: (_socket, _payload, wasRetry) => liveState.connected(wasRetry),
      closed: (event) => {
        const { code } = event as CloseEvent
        liveState.closed(code)
        if (code === SESSION_ENDED) onSessionEnded()
      },
    },
  })
}

/**
 * Listens to a subscription until the returned function is called. Reconnects by itself;
 * what was missed meanwhile is caught up by whoever watches `liveState.generation`.
 */
export function subscribe<T>(query: string, variables: Record<string, unknown>, onData: (data: T) => void): () => void {
  let stop: (() => void) | undefined
  let stopped = false
  client ??= connect()
  void client.then((live) => {
    if (stopped) return
    stop = live.subscribe<T>(
      { query, variables },
      { next: ({ data }) => data && onData(data), error: (error) => liveState.failed(error), complete: () => {} },
    )
  })
  return () => {
    stopped = true
    stop?.()
  }
}

/** Signing out ends the socket too: the next user's events are not the last one's. */
export async function disconnect(): Promise<void> {
  const old = client
  client = undefined
  await (await old)?.dispose()
}
