import { placeholders } from '#database'
import type { Transaction } from '#database'
import { batches } from '#records'
import type { State } from '#process'
import { formatInstant } from '#util'
import type { ProcessWork } from './work.ts'

/** A process state with the ids of its rows, as kept beside the log it can be folded from. */
interface Envelope {
  readonly state: State
  readonly ids: { [key: string]: string }
}

/** Reads the states of these records, locked for the transaction. */
export async function readStates(tx: Transaction, ids: readonly string[]): Promise<Map<string, Envelope>> {
  const found = new Map<string, Envelope>()
  for (let i = 0; i < ids.length; i += CHUNK) {
    const part = ids.slice(i, i + CHUNK)
    const lock = tx.dialect === 'postgres' ? ' FOR UPDATE' : ''
    const rows = await tx.all<{ record_id: string; state: string }>(
      `SELECT record_id, state FROM process_state WHERE record_id IN (${placeholders(tx.dialect, part.length)})${lock}`,
      part,
    )
    for (const row of rows) found.set(row.record_id, JSON.parse(row.state) as Envelope)
  }
  return found
}

const CHUNK = 500

/** Writes the states that moved. */
export async function writeStates(tx: Transaction, works: readonly ProcessWork[], now: number): Promise<void> {
  const columns = ['record_id', 'object', 'process', 'version', 'run', 'seq', 'state', 'updated_at']
  const at = formatInstant(now)
  for (const part of batches(works, columns.length)) {
    const values = part
      .map((_, row) => `(${placeholders(tx.dialect, columns.length, row * columns.length + 1)})`)
      .join(', ')
    const updates = columns.slice(1).map((c) => `${c} = excluded.${c}`)
    await tx.run(
      `INSERT INTO process_state (${columns.join(', ')}) VALUES ${values} ON CONFLICT (record_id) DO UPDATE SET ${updates.join(', ')}`,
      part.flatMap((w) => [
        w.record,
        w.object.name,
        w.state.last?.process ?? '',
        w.state.process ?? '',
        w.state.run,
        w.state.seq,
        envelopeText(w),
        at,
      ]),
    )
  }
}

const envelopeText = (work: ProcessWork): string =>
  JSON.stringify({ state: work.state, ids: work.ids } satisfies Envelope)

export async function deleteStates(tx: Transaction, ids: readonly string[]): Promise<void> {
  for (let i = 0; i < ids.length; i += CHUNK) {
    const part = ids.slice(i, i + CHUNK)
    await tx.run(`DELETE FROM process_state WHERE record_id IN (${placeholders(tx.dialect, part.length)})`, part)
  }
}
