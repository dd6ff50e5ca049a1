import type { FieldDef } from '#metadata'
import { readRows } from '#records'
import { keyPrefixOf } from '#util'
import { after } from './draft.ts'
import type { Run } from './draft.ts'

/** Those of the ids that a reference to an owner may hold: of users and groups that are there, users active. As this save leaves them. */
export async function activeOwners(run: Run, owner: FieldDef, ids: readonly string[]): Promise<Set<string>> {
  const active = new Set<string>()
  for (const [prefix, part] of Map.groupBy(ids, keyPrefixOf)) {
    const object = run.catalog.objectByKeyPrefix(prefix)
    if (!object || !owner.reference?.to.includes(object.name)) continue
    const paths = ['IsDeleted', 'IsActive'].filter((name) => object.field(name))
    const rows = await readRows(run.tx, run.catalog, object, part, paths)
    for (const id of part) {
      const draft = run.draftById.get(id)
      const row = draft ? after(draft) : rows.get(id)
      if (row && row.IsDeleted !== true && row.IsActive !== false) active.add(id)
    }
  }
  return active
}
