import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const actor = automationActor('test')

describeDatabases(
  'a field that a process reads',
  (open) => {
    it('is renamed: the active version follows, records in flight go on, and the log replays', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const field = { kind: 'Field', name: 'WorkOrder.Vip__c', label: 'VIP', type: 'Checkbox' } as Document
      const milestones = simple.milestones.map((item) => (item.when ? { ...item, when: 'Vip__c' } : item))
      await deploy(o, field, { ...simple, milestones })
      const id = await o.create('WorkOrder', { Subject: 'Pump', EntitlementId: await entitle(o) }, 'ana')
      const targets = async () => (await o.rows('RecordMilestone', (m) => m.ParentId === id)).map((m) => m.TargetDate)
      expect(await targets()).toEqual(['2026-03-10T14:00:00.000Z'])
      const name = 'WorkOrder.Key_Customer__c'
      const { planId, findings } = await o.engine.catalogs.plan(actor, [
        { kind: 'Field', name, document: { ...field, name } as Document, renameFrom: 'WorkOrder.Vip__c' },
      ])
      expect(findings.filter((f) => f.severity === 'error')).toEqual([])
      await o.engine.catalogs.apply(actor, planId)
      expect(o.engine.catalogs.current().processes.get('Simple_v1')?.milestones[0]?.when).toBe('Key_Customer__c')
      await o.update('WorkOrder', id, { Key_Customer__c: true })
      expect(await targets()).toEqual(['2026-03-09T15:00:00.000Z'])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)
