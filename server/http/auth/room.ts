/** What the routes under /auth share. */
import type { Engine } from '#automation'
import type { SecurityOptions } from '../security.ts'
import type { AccountLinks } from './account-links.ts'
import type { ApiTokens } from './api-tokens.ts'
import type { Authenticator } from './authenticate.ts'
import type { Callers } from './callers.ts'
import type { Credentials } from './credentials.ts'
import type { Devices } from './devices.ts'
import type { LinkEntry } from './link-entry.ts'
import type { OneTimeLinks } from './one-time-links.ts'
import type { Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { Setup } from './setup.ts'
import type { Throttle } from './throttle.ts'

export interface DemoUser {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly role: string
}

export interface AuthRoom {
  readonly security: SecurityOptions
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly credentials: Credentials
  readonly throttle: Throttle
  readonly devices: Devices
  readonly callers: Callers
  readonly tokens: ApiTokens
  readonly setup: Setup
  readonly links: OneTimeLinks
  readonly accountLinks: AccountLinks
  readonly linkEntry: LinkEntry
  /** Whether e-mails can leave. */
  readonly mails: boolean
  readonly engine: Engine
  readonly authenticator: Authenticator
  /** Empty outside a demo organisation. */
  readonly demoUsers: () => readonly DemoUser[]
}
