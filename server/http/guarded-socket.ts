import { WebSocket } from 'ws'
import { jsonProblem } from './json-nesting.ts'

/** graphql-ws's "Bad request". */
const BAD_REQUEST = 4400

/** Looks at each message before anybody parses it. */
export class GuardedSocket extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const problem = event === 'message' ? jsonProblem(args[0] as Buffer) : undefined
    if (problem === undefined) return super.emit(event, ...args)
    this.close(BAD_REQUEST, problem)
    return true
  }
}
