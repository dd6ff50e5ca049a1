import { rm } from 'node:fs/promises'
import { temporaryFolder } from './folder.ts'
import { startPostgres } from './postgres.ts'

/**
 * One PostgreSQL for the run, and a folder for the databases that its test files copy; both go to the workers by the environment.
 * With MILEPOST_TEST_POSTGRES set, that server is used instead.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const { env } = process
  const folder = await temporaryFolder('templates')
  env.MILEPOST_TEST_TEMPLATES = folder
  const server = env.MILEPOST_TEST_POSTGRES ? undefined : await startPostgres()
  if (server) env.MILEPOST_TEST_POSTGRES = server.url
  return async () => {
    await rm(folder, { recursive: true, force: true })
    if (!server) return
    delete env.MILEPOST_TEST_POSTGRES
    await server.stop()
  }
}
