/** Opens the organisation that DATABASE_URL names, for scripts. */
import { createEngine, loadCatalog } from '#automation'
import type { SeedableEngine } from '#automation'
import { DatabaseError, openDatabase, pendingMigrations } from '#database'

/**
 * `exclusive`: on SQLite no server may run beside it. Whoever only reads may look on.
 * Prints why and gives 2 when there is none, or it can't be opened; else what the work gives.
 */
export async function withOrganisation(
  { exclusive }: { readonly exclusive: boolean },
  work: (engine: SeedableEngine) => Promise<number>,
): Promise<number> {
  const url = process.env.DATABASE_URL || 'sqlite:data/milepost.sqlite'
  try {
    const database = await openDatabase({ url, readers: 2, migrate: false, exclusive })
    try {
      return await inOrganisation(database, work)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    console.error([error.message, error.hint].filter(Boolean).join(' '))
    return 2
  }
}

async function inOrganisation(
  database: Awaited<ReturnType<typeof openDatabase>>,
  work: (engine: SeedableEngine) => Promise<number>,
): Promise<number> {
  const pending = await pendingMigrations(database)
  if (pending.length > 0) {
    console.error(
      'This database holds no organisation of this release yet. Start the server once, or set DATABASE_URL to another.',
    )
    return 2
  }
  const catalog = await loadCatalog(database)
  if (!catalog) {
    console.error('This database holds no organisation yet. Start the server once, or set DATABASE_URL to another.')
    return 2
  }
  const engine = createEngine({ database, catalog })
  try {
    return await work(engine)
  } finally {
    await engine.stop()
  }
}
