import { nextNumbers, numberRows, raiseNumber, unnumbered } from '#records'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Run } from '../save/draft.ts'
import { isNumbering } from './store.ts'
import type { Entry } from './store.ts'

/** Records that are older than an auto-number field get the numbers that were reserved for them. */
export async function numberOlder({ tx, catalog }: Run, { body, done }: Entry, ids: readonly string[]): Promise<void> {
  const { field: id, first } = body.numbers!
  const found = fieldById(catalog, id)
  if (found) await numberRows(tx, ...found, ids, first + done)
}

/**
 * When all of them are through: records that were saved meanwhile by those who did not know the field yet get the next numbers. Who holds the counter
 * sees which entries of other nodes are done, so the last one always looks.
 */
export async function numberMissed({ tx, catalog }: Run, id: string): Promise<void> {
  const found = fieldById(catalog, id)
  if (!found) return
  const [object, field] = found
  await raiseNumber(tx, field, 1)
  if (await isNumbering(tx, id)) return
  const missed = await unnumbered(tx, object, field)
  const [first = 1] = await nextNumbers(tx, field, missed.length)
  await numberRows(tx, object, field, missed, first)
}

/** Undefined when the field is gone, or numbers no more. */
function fieldById(catalog: Catalog, id: string): readonly [ObjectDef, FieldDef] | undefined {
  for (const object of catalog.objects.values()) {
    const field = object.fieldById(id)
    if (field?.type === 'AutoNumber') return [object, field]
  }
  return undefined
}
