/** The built studio, zipped where the build has zipped it: hashed files for ever, everything else fresh, and the one page for its addresses. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import zippedFiles from 'express-static-gzip'

export function studioFiles(folder: string): Router {
  const router = Router()
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    const forEver = { immutable: true, maxAge: '1y', fallthrough: false }
    router.use('/assets', zippedFiles(join(folder, 'assets'), { index: false, serveStatic: forEver }))
    router.use(zippedFiles(folder, { index: false, serveStatic: { maxAge: 0 } }))
  }
  router.get('/{*path}', built ? page(folder) : notBuilt)
  router.use((_, response) => nothing(response))
  return router
}

const nothing = (response: Response): void =>
  void response.status(404).json({ error: { code: 'NOT_FOUND', message: 'There is nothing here.' } })

/** Whoever names HTML is a browser: people are told by the studio that an address is none of its own, programs in JSON. */
function page(folder: string): RequestHandler {
  const isRoute = routes(folder)
  return (request, response) => {
    const known = isRoute(request.path)
    if (known ? !request.accepts('html') : !isBrowser(request)) return nothing(response)
    response.setHeader('Cache-Control', 'no-cache')
    response.status(known ? 200 : 404).sendFile(join(folder, 'index.html'))
  }
}

const isBrowser = ({ headers }: Request): boolean => /\btext\/html\b/.test(headers.accept ?? '')

/** The studio's build writes its addresses down: `/o/:object` is any object's. Letter case and a slash at the end are as open as in its router. */
function routes(folder: string): (path: string) => boolean {
  const partsOf = (path: string) => path.toLowerCase().split('/').filter(Boolean)
  const patterns = (JSON.parse(readFileSync(join(folder, 'routes.json'), 'utf8')) as string[]).map(partsOf)
  return (path) => {
    const parts = partsOf(path)
    return patterns.some(
      (pattern) =>
        pattern.length === parts.length && pattern.every((part, i) => part === parts[i] || part.startsWith(':')),
    )
  }
}

const notBuilt: RequestHandler = (request, response) => {
  if (!isBrowser(request) && request.path !== '/') return nothing(response)
  response
    .status(503)
    .type('text/plain')
    .send('The studio is not built yet. Run "npm run build:studio" and start again, or use the API at /graphql.')
}
