import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseError } from './errors.ts'

interface Scope {
  open: boolean
}

/**
 * Using the database itself inside one of its open transactions would wait for the writer that waits for it (SQLite),
 * or read outside the transaction without anyone noticing (PostgreSQL). The guard throws at once instead.
 */
export class TransactionGuard {
  readonly #scopes = new AsyncLocalStorage<Scope>()

  check(): void {
    if (!this.#scopes.getStore()?.open) return
    throw new DatabaseError(
      'NESTED_USE',
      'The database was used directly while a transaction is open in the same call.',
      {
        hint: 'Use the transaction object (tx) that the work was given.',
      },
    )
  }

  /** The mark ends with the work, so that timers and hooks started by it may use the database later. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    const scope: Scope = { open: true }
    try {
      return await this.#scopes.run(scope, work)
    } finally {
      scope.open = false
    }
  }
}
