import { formatInstant } from '#util'
import type { Value } from '#util'
import { ownSources, withSources } from '../source-fields.ts'
import { changed } from './draft.ts'
import type { Run } from './draft.ts'
import { insertPlatformRows } from './platform-rows.ts'

/** Step 9: one FieldHistory row for each tracked field that changed. */
export async function writeHistory(run: Run): Promise<void> {
  const rows = run.drafts
    .filter((draft) => draft.operation === 'update')
    .flatMap((draft) =>
      draft.object.fields
        .filter((field) => field.trackHistory && changed(draft, field.name))
        .map((field) => ({
          Name: field.label.slice(0, 80),
          RecordId: draft.id,
          Field: field.name,
          OldValue: text(draft.before?.[field.name] ?? null),
          NewValue: text(draft.changes[field.name] ?? null),
          ChangedById: draft.actor.userId,
          ChangedDate: formatInstant(run.now),
          ...withSources(run.catalog.objects.get('FieldHistory'), [field.id, ...ownSources(draft)]),
          RecordVersion: Number(draft.changes.Version ?? draft.before?.Version ?? 1),
        })),
    )
  await insertPlatformRows(run, 'FieldHistory', rows)
}

const text = (value: Value): string | null =>
  value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)
