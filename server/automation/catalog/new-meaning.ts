import type { Transaction } from '#database'
import type { Catalog } from '#metadata'
import type { Instant } from '#util'
import { enqueue } from '../journal/store.ts'
import { registryOf } from '../processes/registry.ts'
import { inVersions } from '../set-up/affected.ts'

/** Records in flight whose process means something else after a change, through a label or a formula field, are looked at again from the journal. */
export async function requeueNewMeaning(tx: Transaction, before: Catalog, after: Catalog, now: Instant): Promise<void> {
  const changed = registryOf(after).all.filter(({ name, behind }) => {
    const was = registryOf(before).version(name)
    return was !== undefined && was.behind !== behind
  })
  const records = changed.length > 0 ? await inVersions(tx, changed) : []
  await enqueue(tx, now, 'set-up', { records: records.sort(), what: 'labels and formula fields' })
}
