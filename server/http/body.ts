/** Reads the JSON body of a GraphQL request. Once, before Express, so that a plan-cache hit needs no Express at all. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Places } from '#graphql'
import { BodyReader, type GraphqlBody } from './body-reader.ts'

export { BodyError, type GraphqlBody } from './body-reader.ts'

export interface BodyOptions {
  /** Absent for those who have not signed in. */
  readonly userId: string | undefined
  /** Who sends a large body waits for one and keeps it until the answer is out: what waits is not read from the network. */
  readonly places: Places
}

export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { userId, places }: BodyOptions,
): Promise<GraphqlBody> {
  return new Promise((resolve, reject) => {
    const reader = new BodyReader({ bulk: userId !== undefined })
    let [refused, placed] = [false, false]
    const refuse = (error: unknown): void => ((refused = true), reject(error as Error))
    request.on('data', (bytes: Buffer) => {
      if (refused) return
      try {
        reader.take(bytes)
      } catch (error) {
        return refuse(error)
      }
      if (placed || userId === undefined || !reader.isLong) return
      placed = true
      request.pause()
      void places.take(userId).then((leave) => {
        if (response.closed) leave()
        else response.once('close', leave)
        request.resume()
      })
    })
    request.on('end', () => {
      try {
        if (!refused) resolve(reader.finish())
      } catch (error) {
        refuse(error)
      }
    })
    request.on('error', refuse)
  })
}
