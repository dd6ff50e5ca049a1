import { WebSocket } from 'ws'
import { isNestedTooDeep, TOO_DEEP } from './json-nesting.ts'

/** graphql-ws's "Bad request". */
const BAD_REQUEST = 4400

/** Looks at each message before anybody parses it. */
export class GuardedSocket extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== 'message' || !isNestedTooDeep(args[0] as Buffer)) return super.emit(event, ...args)
    this.close(BAD_REQUEST, TOO_DEEP)
    return true
  }
}
