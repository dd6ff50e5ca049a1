/** /healthz: whether this node can serve, and how far behind its worker is. */
import type { RequestHandler } from 'express'
import type { Engine } from '#automation'
import { formatInstant } from '#util'

export function health(engine: Engine): RequestHandler {
  return async (_, response) => {
    const { database, catalogs } = engine
    const worker = engine.health()
    const reachable = await database.get('SELECT 1 AS one').then(
      () => true,
      () => false,
    )
    response.setHeader('Cache-Control', 'no-store')
    response.status(reachable ? 200 : 503).json({
      status: reachable ? 'ok' : 'database unreachable',
      database: database.dialect,
      catalogVersion: catalogs.current().version,
      clock: formatInstant(database.clock.now()),
      worker: {
        running: worker.running,
        lagMs: worker.lagMs,
        silentHosts: worker.silentHosts,
        ...(worker.lastError ? { lastError: 'see the log' } : {}),
      },
    })
  }
}
