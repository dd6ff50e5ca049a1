import { expect, it } from 'vitest'
import { automationActor, loadCatalog } from '#automation'
import type { ActionDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

const admin = automationActor('test')
const note: ActionDocument = {
  kind: 'Action',
  name: 'Note',
  label: 'Note',
  object: 'Case',
  type: 'FeedPost',
  body: 'Late',
}

describeDatabases(
  'the stored catalog',
  (open) => {
    it('lets go of a deleted document for good, and undo brings it back', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, note)
      const { planId } = await o.engine.catalogs.plan(admin, [{ kind: 'Action', name: 'Note', document: null }])
      const { version, findings } = await o.engine.catalogs.apply(admin, planId)
      expect(findings).toEqual([])
      expect((await loadCatalog(o.database))!.actions.has('Note')).toBe(false)
      await o.engine.catalogs.undo(admin, version)
      expect((await loadCatalog(o.database))!.actions.get('Note')).toMatchObject(note)
    })
  },
  installShipped,
)
