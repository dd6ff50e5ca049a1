import { mkdtemp, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
/** A run has held 1.5 GiB at its fullest moment. */
const ENOUGH = 3 * 2 ** 30

/** A fresh folder; in memory where the system offers room there: a database of PostgreSQL is a thousand files, and each test has its own. */
export async function temporaryFolder(name: string): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }))
  return mkdtemp(join(bavail * bsize >= ENOUGH ? MEMORY : tmpdir(), `milepost-${name}-`))
}
