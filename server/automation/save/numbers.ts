import { formatNumber, nextNumbers, numberIn, raiseNumber } from '#records'
import type { Transaction } from '#database'
import type { FieldDef } from '#metadata'
import type { Draft } from './draft.ts'
import { changed, fail } from './draft.ts'

/** Numbers that come with an import are kept, and the counter goes on above them; all others are counted. */
export async function numberDrafts(tx: Transaction, field: FieldDef, drafts: readonly Draft[]): Promise<void> {
  const given = drafts.flatMap((d) => numberIn(field, String(d.changes[field.name] ?? '')) ?? [])
  if (given.length > 0) await raiseNumber(tx, field, given.reduce((a, b) => Math.max(a, b)) + 1)
  const open = drafts.filter((d) => typeof d.changes[field.name] !== 'string')
  const numbers = await nextNumbers(tx, field, open.length)
  open.forEach((draft, i) => (draft.changes[field.name] = formatNumber(field, numbers[i]!)))
}

/** A number is given with the record; while older records wait for theirs, some are reserved. */
export function checkImported(draft: Draft, field: FieldDef): void {
  if (draft.operation === 'update' && changed(draft, field.name))
    fail(draft, 'READ_ONLY', `${field.label} can be set only when the record is made.`, field.name)
  else if (draft.operation === 'create' && field.calculating && draft.changes[field.name])
    fail(draft, 'CALCULATING', `Older records are just being given their ${field.label}. Import numbers when that is done.`, field.name) // prettier-ignore
}
