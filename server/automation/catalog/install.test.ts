import { expect, it } from 'vitest'
import { compileCatalog } from '#metadata'
import type { Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, shippedDocuments } from '../testing/organisation.ts'
import { rememberShipped, shippedChanges } from './install.ts'

const named = (name: string) => (document: Document) => document.kind === 'PermissionSet' && document.name === name
const SETS = ['Standard_User', 'System_Administrator']

describeDatabases(
  'what a release ships',
  (open) => {
    it('leaves permission sets to the admins: one comes once, and takes no name of theirs', async () => {
      const { database, engine } = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const shipped = shippedDocuments()
      const without = shipped.filter((document) => !named('Standard_User')(document))
      const changed = shipped.map((d) => (SETS.includes(d.name) ? { ...d, description: 'Other.' } : d))
      const catalogOf = (documents: readonly Document[]) => compileCatalog(documents, 2).catalog!
      const changes = async (documents: readonly Document[], catalog = engine.catalogs.current()) =>
        (await shippedChanges(database, catalog, documents)).map(({ name }) => name)
      expect(await changes(shipped)).toEqual([])
      expect(await changes(changed)).toEqual(['System_Administrator'])
      expect(await changes(changed, catalogOf(without))).toEqual(['System_Administrator'])
      await database.transaction((tx) => rememberShipped(tx, without))
      expect(await changes(shipped, catalogOf(without))).toEqual(['Standard_User'])
      const own: Document = { kind: 'PermissionSet', id: 'x', name: 'standard_user', label: 'Ours' }
      expect(await changes(shipped, catalogOf([...without, own]))).toEqual([])
      expect(await changes(shipped, catalogOf([...without, { ...own, deletedAt: '2026-03-09T14:00:00.000Z' }]))).toEqual([]) // prettier-ignore
      expect(await changes(shipped, catalogOf([...without, { ...own, id: 'Standard_User', name: 'Agents' }]))).toEqual([]) // prettier-ignore
    })
  },
  installShipped,
)
