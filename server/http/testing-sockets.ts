/** For tests: people who listen on a WebSocket. */
import { createClient } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Person } from './testing.ts'

export interface Heard {
  readonly events: { readonly [key: string]: never }[]
  /** The first `count` events. */
  wait(count: number): Promise<readonly unknown[]>
  readonly ended: Promise<unknown>
}

/** A socket with a person's headers, and what one subscription on it hears. */
export async function hear(person: Person, query: string, variables: { [name: string]: unknown } = {}): Promise<Heard> {
  class Socket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: person.headers })
    }
  }
  const client = createClient({
    url: `${person.app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
  })
  onTestFinished(async () => client.dispose())
  const events: { [key: string]: never }[] = []
  let wake = () => {}
  const ended = new Promise((resolve) => {
    const next = ({ data, errors }: { data?: unknown; errors?: unknown }) => (
      events.push((data ?? { errors }) as never),
      wake()
    )
    client.subscribe({ query, variables }, { next, error: resolve, complete: () => resolve('complete') })
  })
  // The server has subscribed once it has answered things that were sent later on the same socket, one after the other.
  for (let i = 0; i < 5; i++)
    await new Promise<void>(
      (resolve) =>
        void client.subscribe(
          { query: '{ me { id } serverTime }' },
          { next: () => undefined, error: () => resolve(), complete: () => resolve() },
        ),
    )
  const wait = async (count: number) => {
    while (events.length < count) await new Promise<void>((resolve) => (wake = resolve))
    return events
  }
  return { events, wait, ended }
}
