/** How much one user, and all together, have of WebSockets; what comes over them is counted with other requests. */
import { GraphQLError } from 'graphql'
import { LIMITS, type Caller } from '#graphql'
import { TOO_MANY_REQUESTS, tooManyRequests, type RequestLimit } from './request-limit.ts'

/** Of graphql-ws's context. */
export interface SocketContext {
  readonly subscriptions: { readonly [id: string]: unknown }
}

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: TOO_MANY_REQUESTS } })

export class SocketLimits {
  readonly #requests: RequestLimit
  readonly #open = new Map<SocketContext, string>()

  constructor(requests: RequestLimit) {
    this.#requests = requests
  }

  /** false: too many; the socket does not count. */
  open(context: SocketContext, { actor }: Caller): boolean {
    if (this.#open.size >= LIMITS.sockets.all || this.#of(actor.userId).length >= LIMITS.sockets.user) return false
    this.#open.set(context, actor.userId)
    return true
  }

  close(context: SocketContext): void {
    this.#open.delete(context)
  }

  /** What is wrong with one more operation; of a socket that was never let in its own options tell. */
  refusal(context: SocketContext): GraphQLError | undefined {
    const userId = this.#open.get(context)
    if (userId === undefined) return undefined
    const wait = this.#requests.ofUser(userId)
    if (wait) return refused(tooManyRequests(wait))
    const { user, all } = LIMITS.subscriptions
    const full = running(this.#of(userId)) > user || running([...this.#open.keys()]) > all
    return full ? refused('Too many subscriptions are open. Complete some of them first.') : undefined
  }

  #of(userId: string): SocketContext[] {
    return [...this.#open].flatMap(([context, owner]) => (owner === userId ? [context] : []))
  }
}

/** The operation that is looked at is among them. */
const running = (contexts: readonly SocketContext[]): number =>
  contexts.reduce((sum, { subscriptions }) => sum + Object.keys(subscriptions).length, 0)
