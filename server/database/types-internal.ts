import type { Clock, Database } from './types.ts'

/** What the migrator needs to know of a connection to open its own. */
export interface Connectable extends Database {
  readonly connection: { readonly file: string } | { readonly url: string }
}

export interface DriverOptions {
  readonly readers?: number
  readonly statementTimeout?: number
  readonly startUpPatience?: number
  readonly exclusive?: boolean
  readonly clock: Clock | undefined
}

/** Something that is kept until it is closed. */
export interface Held {
  close(): Promise<void>
}
