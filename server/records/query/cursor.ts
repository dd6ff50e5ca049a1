/** Cursors: the order values and the id of a record, signed. A cursor of another order, user or key is refused. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Value } from '#util'
import { QueryError } from './errors.ts'
import type { Run } from './run-values.ts'

const MAC_BYTES = 16
const MAX_LENGTH = 8192

function mac(run: Run, order: string, payload: Buffer): Buffer {
  const { cursorKey, userId } = run.context
  return createHmac('sha256', cursorKey).update(`${userId}\n${order}\n`).update(payload).digest().subarray(0, MAC_BYTES)
}

/** `order` names the object and the order, so that a cursor fits only where it was made. */
export function writeCursor(run: Run, order: string, values: readonly Value[]): string {
  const payload = Buffer.from(JSON.stringify(values))
  return Buffer.concat([mac(run, order, payload), payload]).toString('base64url')
}

export function readCursor(run: Run, order: string, text: Value, count: number): readonly Value[] {
  const bytes = typeof text === 'string' && text.length <= MAX_LENGTH ? Buffer.from(text, 'base64url') : Buffer.alloc(0)
  const payload = bytes.subarray(MAC_BYTES)
  const given = bytes.subarray(0, MAC_BYTES)
  if (given.length < MAC_BYTES || !timingSafeEqual(given, mac(run, order, payload)))
    throw new QueryError('BAD_CURSOR', 'This cursor does not belong to this list.', 'Start again from the first page.')
  const values = JSON.parse(payload.toString()) as readonly Value[]
  if (values.length !== count)
    throw new QueryError('BAD_CURSOR', 'This cursor does not belong to this list.', 'Start again from the first page.')
  return values
}
