/** The built studio, zipped where the build has zipped it: hashed files for ever, everything else fresh, any other address is the one page. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Router, type Request, type Response } from 'express'
import zippedFiles from 'express-static-gzip'

export function studioFiles(folder: string): Router {
  const router = Router()
  const index = join(folder, 'index.html')
  const built = existsSync(index)
  if (built) {
    const forEver = { immutable: true, maxAge: '1y', fallthrough: false }
    router.use('/assets', zippedFiles(join(folder, 'assets'), { index: false, serveStatic: forEver }))
    router.use(zippedFiles(folder, { index: false, serveStatic: { maxAge: 0 } }))
  }
  router.get('/{*path}', (request: Request, response: Response) => {
    if (!request.accepts('html'))
      return void response.status(404).json({ error: { code: 'NOT_FOUND', message: 'There is nothing here.' } })
    response.setHeader('Cache-Control', 'no-cache')
    if (built) response.sendFile(index)
    else
      response
        .status(503)
        .type('text/plain')
        .send('The studio is not built yet. Run "npm run build:studio" and start again, or use the API at /graphql.')
  })
  return router
}
