import { Client } from 'pg'
import type { ClientConfig } from 'pg'
import { postgresError } from './postgres-errors.ts'

const ADVISORY_LOCK = 7_105_300_112
/** Waits for as long as it takes; the server asks after half a minute whether the other end is still there, so that a node that lost its power holds up nobody. */
const OPTIONS = [
  'statement_timeout=0',
  'tcp_keepalives_idle=30',
  'tcp_keepalives_interval=10',
  'tcp_keepalives_count=3',
]

/** An advisory lock of a connection of its own: it ends with the work, with the process, and with the connection. */
export async function exclusively<T>(config: ClientConfig, work: () => Promise<T>, waiting?: () => void): Promise<T> {
  const client = new Client({ ...config, options: OPTIONS.map((option) => `-c ${option}`).join(' ') })
  client.on('error', () => {})
  try {
    await locked(client, waiting)
    return await work()
  } finally {
    await client.end().catch(() => {})
  }
}

async function locked(client: Client, waiting: () => void = () => {}): Promise<void> {
  try {
    await client.connect()
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [ADVISORY_LOCK])
    if (rows[0]!.got) return
    waiting()
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK])
  } catch (error) {
    throw postgresError(error)
  }
}
