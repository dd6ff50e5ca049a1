/** What the routes under /auth share. */
import type { SecurityOptions } from '../security.ts'
import type { ApiTokens } from './api-tokens.ts'
import type { Authenticator } from './authenticate.ts'
import type { Callers } from './callers.ts'
import type { Credentials } from './credentials.ts'
import type { Sessions } from './sessions.ts'
import type { Setup } from './setup.ts'

export interface DemoUser {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly role: string
}

export interface AuthRoom {
  readonly security: SecurityOptions
  readonly sessions: Sessions
  readonly credentials: Credentials
  readonly callers: Callers
  readonly tokens: ApiTokens
  readonly setup: Setup
  readonly authenticator: Authenticator
  /** Empty outside a demo organisation. */
  readonly demoUsers: () => readonly DemoUser[]
}
