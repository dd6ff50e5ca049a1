import { readRows, updateRows } from '#records'
import type { Actor } from '#records'
import type { Catalog } from '#metadata'
import { formatInstant } from '#util'
import type { OutboxOperations } from '../engine-types.ts'
import { mayManage } from '../may-manage.ts'
import type { RunContext } from '../runs.ts'
import type { FieldError } from '../types.ts'

/** What an admin does to messages that did not go out. */
export function outboxOperations(context: RunContext, catalogOf: () => Catalog): OutboxOperations {
  return { resend: (actor, id) => resend(context, catalogOf(), actor, id) }
}

const AGAIN = ['Held', 'Dead', 'Retrying', 'Sent']

async function resend(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  id: string,
): Promise<{ id: string; errors: readonly FieldError[] }> {
  const refuse = (code: string, message: string) => ({ id, errors: [{ code, message }] })
  if (!mayManage(actor)) return refuse('NO_ACCESS', 'You may not send messages again. Ask for manageProcesses.')
  const object = catalog.objects.get('OutboxMessage')!
  return context.database.transaction(async (tx) => {
    const row = (await readRows(tx, catalog, object, [id], ['Status', 'IsDeleted'], { lock: true })).get(id)
    if (!row || row.IsDeleted === true) return refuse('NOT_FOUND', 'There is no such message.')
    if (!AGAIN.includes(String(row.Status)))
      return refuse('UNDER_WAY', 'This message is on its way already. Wait until it is sent or has failed.')
    const set = {
      Status: 'Pending',
      Attempts: 0,
      LastError: null,
      NextAttemptDate: formatInstant(context.database.clock.now()),
    }
    await updateRows(tx, object, [{ id, set }])
    tx.afterCommit(() => context.nudge())
    return { id, errors: [] }
  })
}
