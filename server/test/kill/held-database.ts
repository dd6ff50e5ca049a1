import type { Database } from '#database'

/** A database whose n-th writing transaction stops for ever when all is written and nothing committed, after saying so. */
export function heldBeforeCommit(database: Database, nth: number, say: (line: string) => void): Database {
  let count = 0
  return {
    dialect: database.dialect,
    clock: database.clock,
    statementTimeout: database.statementTimeout,
    all: (sql, params) => database.all(sql, params),
    get: (sql, params) => database.get(sql, params),
    notify: (channel, payload) => database.notify(channel, payload),
    listen: (channel, callback) => database.listen(channel, callback),
    exclusively: (work) => database.exclusively(work),
    close: () => database.close(),
    transaction: (work) =>
      database.transaction(async (tx) => {
        let wrote = 0
        const result = await work({
          dialect: tx.dialect,
          all: (sql, params) => tx.all(sql, params),
          get: (sql, params) => tx.get(sql, params),
          notify: (channel, payload) => tx.notify(channel, payload),
          savepoint: (inner) => tx.savepoint(inner),
          afterCommit: (hook) => tx.afterCommit(hook),
          run: async (sql, params) => {
            const rows = await tx.run(sql, params)
            wrote += rows
            return rows
          },
        })
        if (wrote > 0 && ++count === nth) {
          say('held')
          await new Promise(() => setInterval(() => {}, 60_000))
        }
        return result
      }),
  }
}
