import { expect, it } from 'vitest'
import { automationActor, loadCatalog } from '#automation'
import type { ActionDocument, FieldDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

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
      await undo(o.engine, admin, version)
      expect((await loadCatalog(o.database))!.actions.get('Note')).toMatchObject(note)
    })

    it('lets a lookup point elsewhere: to another object, to one more, and back', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const to = (...referenceTo: string[]): FieldDocument => ({ kind: 'Field', name: 'Case.Turned__c', label: 'Turned', type: 'Lookup', referenceTo }) // prettier-ignore
      const turn = async (...names: string[]) => {
        const document = to(...names)
        const { planId } = await o.engine.catalogs.plan(admin, [{ kind: 'Field', name: document.name, document }], { allowDestructive: true }) // prettier-ignore
        expect((await o.engine.catalogs.apply(admin, planId)).findings).toEqual([])
      }
      const save = async (id: string, operation: 'Account' | 'Contact', target: string) => {
        const [saved] = await o.engine.save(admin, [{ operation: 'update', object: 'Case', id, values: { Turned__c: target } }]) // prettier-ignore
        expect([operation, saved!.errors]).toEqual([operation, []])
      }
      await deploy(o, to('Account'))
      const account = await o.create('Account', { Name: 'A' })
      const contact = await o.create('Contact', { LastName: 'C' })
      const record = await o.create('Case', { Subject: 'x', Turned__c: account })
      const value = async () => (await o.read(record)).Turned__c
      await turn('Account', 'Contact')
      expect(await value()).toBe(account)
      await save(record, 'Contact', contact)
      await turn('Contact')
      await save(record, 'Contact', contact)
      await turn('Account')
      await save(record, 'Account', account)
      expect(await value()).toBe(account)
    })
  },
  installShipped,
)
