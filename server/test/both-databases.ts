/** For benches: figures of a fresh SQLite file, and of a PostgreSQL server as one is served. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.ts'

/** `figures` gets the address of an empty database. */
export async function onBothDatabases<M extends { readonly name: string }>(
  figures: (databaseUrl: string) => Promise<readonly M[]>,
): Promise<M[]> {
  const folder = await mkdtemp(join(tmpdir(), 'milepost-bench-'))
  const server = await startPostgres({ asServed: true })
  try {
    const embedded = await figures(`sqlite:${join(folder, 'bench.db')}`)
    const networked = await figures(server.url)
    return [...embedded, ...networked.map((m) => ({ ...m, name: `PostgreSQL: ${m.name}` }))]
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
