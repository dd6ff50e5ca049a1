import type { Transaction } from '#database'
import type { Catalog, EntitlementProcessDocument } from '#metadata'
import { governed } from '../journal/governed.ts'
import { childIds } from '../rows.ts'

/** Ids of the records whose entitlement names this process and that are in none: there was no version for them to be in. */
export async function unattachedRecords(
  tx: Transaction,
  catalog: Catalog,
  { process, object }: EntitlementProcessDocument,
): Promise<string[]> {
  const [entitlement, tracked] = [catalog.objects.get('Entitlement')!, catalog.objects.get(object)!]
  const entitlements = await childIds(tx, entitlement, entitlement.field('EntitlementProcess')!, [process])
  const records = await childIds(tx, tracked, tracked.field('EntitlementId')!, entitlements)
  const inOne = new Set(await governed(tx, records))
  return records.filter((id) => !inOne.has(id)).sort()
}
