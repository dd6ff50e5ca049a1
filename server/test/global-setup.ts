import { startPostgres } from './postgres.ts'

const shared = globalThis as { milepostTestServer?: Promise<Awaited<ReturnType<typeof startPostgres>>> | undefined }

/**
 * One PostgreSQL for the whole run, whichever projects take part; its address goes to the workers by the environment.
 * With MILEPOST_TEST_POSTGRES set, that server is used instead.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.MILEPOST_TEST_POSTGRES && !shared.milepostTestServer) return undefined
  const first = !shared.milepostTestServer
  shared.milepostTestServer ??= startPostgres()
  const server = await shared.milepostTestServer
  process.env.MILEPOST_TEST_POSTGRES = server.url
  if (!first) return undefined
  return async () => {
    shared.milepostTestServer = undefined
    delete process.env.MILEPOST_TEST_POSTGRES
    await server.stop()
  }
}
