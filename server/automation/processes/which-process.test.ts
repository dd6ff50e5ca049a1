import { expect, it } from 'vitest'
import type { AutoApplyRuleDocument, EntitlementProcessDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, simple } from '../testing/simple-process.ts'

/** Which process a record gets, and in which hours. */
const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York

const care = (process: string, more: Partial<EntitlementProcessDocument> = {}): EntitlementProcessDocument => ({
  ...simple,
  name: `${process}_v1`,
  process,
  label: process,
  object: 'Case',
  milestones: [{ name: 'Any', milestone: 'First Response', target: { hours: 4 } }],
  ...more,
})

type Apply = AutoApplyRuleDocument['apply']
const rule = (order: number, apply: Apply, when = 'always'): AutoApplyRuleDocument => ({
  kind: 'AutoApplyRule',
  name: `Rule_${order}`,
  object: 'Case',
  order,
  when,
  apply,
})

/** These documents, and none of the demo's rules for cases. */
const withRules = (o: Organisation, ...documents: (EntitlementProcessDocument | AutoApplyRuleDocument)[]) => {
  const shipped = [...o.engine.catalogs.current().autoApplyRules('Case')]
  return deploy(o, ...documents, ...shipped.map((r) => ({ ...r, active: false })))
}

const entitlement = (o: Organisation, Name: string, values: Row = {}) =>
  o.create('Entitlement', { Name, EntitlementProcess: 'Care', BusinessHoursId: o.ids['US Support']!, ...values })

const given = async (o: Organisation, values: Row = {}): Promise<[unknown, unknown]> => {
  const row = await o.read(await o.create('Case', { Subject: 'Line down', ...values }, 'ana'))
  const name = row.EntitlementId ? (await o.read(String(row.EntitlementId))).Name : null
  return [name, row.EntitlementProcessVersionId]
}

const target = async (o: Organisation, record: string) =>
  (await o.rows('RecordMilestone', (m) => m.ParentId === record))[0]?.TargetDate

describeDatabases(
  'which process',
  (open) => {
    it('rules apply in order: the first that holds and finds something; an inactive one does not', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withRules(
        o,
        care('Care'),
        care('Urgent'),
        rule(1, { process: 'Urgent' }, 'ISPICKVAL(Priority, "Critical")'),
        { ...rule(2, { process: 'Urgent' }), active: false },
        rule(3, { entitlement: 'Everybody' }),
        rule(4, { process: 'Care' }),
      )
      expect(await given(o, { Priority: 'Critical' })).toEqual([null, 'Urgent_v1'])
      expect(await given(o, { Priority: 'Low' })).toEqual([null, 'Care_v1'])
      await entitlement(o, 'Everybody')
      expect(await given(o, { Priority: 'Low' })).toEqual(['Everybody', 'Care_v1'])
    })

    it('an entitlement is found by asset, contact or account, in the order of the rule, and only an active one', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withRules(o, care('Care'), rule(1, { entitlementFrom: ['asset', 'contact', 'account'] }))
      const AccountId = o.ids.account!
      const AssetId = await o.create('Asset', { Name: 'Router', AccountId })
      const from = { AccountId, ContactId: o.ids.contact!, AssetId }
      expect(await given(o, from)).toEqual([null, null])
      await entitlement(o, 'Of the account, later', { AccountId, EndDate: '2027-03-09' })
      await entitlement(o, 'Of the account, sooner', { AccountId, EndDate: '2026-12-31' })
      await entitlement(o, 'Expired', { AccountId, EndDate: '2026-03-08' })
      await entitlement(o, 'Not yet', { AccountId, StartDate: '2026-03-10' })
      expect(await given(o, from)).toEqual(['Of the account, sooner', 'Care_v1'])
      const contact = await entitlement(o, 'Of the contact', { AccountId, EndDate: '2028-01-01' })
      await o.create('EntitlementContact', { EntitlementId: contact, ContactId: o.ids.contact! })
      expect(await given(o, from)).toEqual(['Of the contact', 'Care_v1'])
      await entitlement(o, 'Of the asset', { AccountId, AssetId, EndDate: '2029-01-01' })
      expect(await given(o, from)).toEqual(['Of the asset', 'Care_v1'])
    })

    it('a custom object finds its entitlement through its own lookup; entitlements to processes of other objects are passed over', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const apply = { entitlementFrom: ['account'] } as const
      const live = care('Live', { object: 'Onboarding__c', milestones: [{ name: 'Any', milestone: 'Go-Live', target: { hours: 4 } }] }) // prettier-ignore
      const shipped = [...o.engine.catalogs.current().autoApplyRules('Onboarding__c')]
      await deploy(o, care('Care'), live, { ...rule(1, apply), object: 'Onboarding__c' }, ...shipped.map((r) => ({ ...r, active: false }))) // prettier-ignore
      const AccountId = o.ids.account!
      await entitlement(o, 'For cases', { AccountId, EndDate: '2026-04-01' })
      await entitlement(o, 'For onboardings', { AccountId, EntitlementProcess: 'Live' })
      const id = await o.create('Onboarding__c', { Name: 'x', Account__c: AccountId })
      const { EntitlementId, EntitlementProcessVersionId } = await o.read(id)
      expect([(await o.read(String(EntitlementId))).Name, EntitlementProcessVersionId]).toEqual(['For onboardings', 'Live_v1']) // prettier-ignore
    })

    it('rules are asked at once when the entitlement is taken away: milestones of the same name run on', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const longer = { milestones: [{ name: 'Any', milestone: 'First Response', target: { hours: 6 } }] }
      await withRules(
        o,
        care('Care'),
        care('Plain', { businessHours: 'US Support', ...longer }),
        rule(1, { process: 'Plain' }),
      )
      const id = await o.create('Case', { Subject: 'x', EntitlementId: await entitlement(o, 'Gold') })
      await o.update('Case', id, { EntitlementId: null })
      expect(await o.rows('RecordMilestone', (m) => m.ParentId === id)).toMatchObject([
        { Status: 'Running', ProcessVersion: 'Plain_v1', StartDate: '2026-03-09T14:00:00.000Z', TargetDate: '2026-03-09T20:00:00.000Z' },
      ]) // prettier-ignore
    })

    it('the day on which an entitlement ends is the day of the account, else of the organisation', async () => {
      const o = await openOrganisation(open, '2026-03-10T02:00:00Z') // still Monday in New York
      await withRules(o, care('Care'), rule(1, { entitlementFrom: ['account'] }))
      const AccountId = o.ids.account!
      const [organisation] = await o.rows('Organization')
      await o.update('Organization', String(organisation!.Id), { TimeZone: 'America/New_York' })
      await entitlement(o, 'Until Monday', { AccountId, EndDate: '2026-03-09' })
      expect(await given(o, { AccountId })).toEqual(['Until Monday', 'Care_v1'])
      await o.update('Account', AccountId, { TimeZone: 'Europe/London' })
      expect(await given(o, { AccountId })).toEqual([null, null])
    })

    it('a process of another object is no process, and takes away what there was', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withRules(o, care('Care'), simple)
      const wrong = await entitlement(o, 'For work orders', { EntitlementProcess: 'Simple' })
      const right = await entitlement(o, 'For cases')
      expect(await given(o, { EntitlementId: wrong })).toEqual(['For work orders', null])
      const id = await o.create('Case', { Subject: 'x', EntitlementId: right })
      await o.update('Case', id, { EntitlementId: wrong })
      expect(await o.rows('RecordMilestone', (m) => m.ParentId === id)).toMatchObject([{ Status: 'Cancelled', CancelReason: 'no process any more' }]) // prettier-ignore
    })

    it('hours: of the item, the process, the record, the entitlement, the organisation, the first that is set; another one re-targets', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const always = (Name: string, TimeZone: string, close: string) =>
        o.create('BusinessHours', { Name, IsActive: true, TimeZone, Hours: { mon: [['00:00', close]], tue: [['00:00', '24:00']] } }) // prettier-ignore
      await withRules(o, care('Care'))
      const short = await always('Until three', 'UTC', '15:00')
      const id = await o.create('Case', { Subject: 'x', EntitlementId: await entitlement(o, 'Gold') })
      expect(await target(o, id)).toBe('2026-03-09T18:00:00.000Z')
      await o.update('Case', id, { BusinessHoursId: short })
      expect(await target(o, id)).toBe('2026-03-10T03:00:00.000Z')
      await o.update('Case', id, { BusinessHoursId: null })
      expect(await target(o, id)).toBe('2026-03-09T18:00:00.000Z')
    })

    it('a zone from a field of the record moves the hours to its place', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withRules(o, care('Care', { timeZoneField: 'Account.AccountNumber' }), rule(1, { process: 'Care' }))
      const AccountId = o.ids.account!
      await o.update('Organization', String((await o.rows('Organization'))[0]!.Id), { DefaultBusinessHoursId: o.ids['US Support']! }) // prettier-ignore
      const id = await o.create('Case', { Subject: 'x', AccountId })
      expect(await target(o, id)).toBe('2026-03-09T18:00:00.000Z') // 09:00–17:00 in New York
      await o.update('Account', AccountId, { AccountNumber: 'America/Los_Angeles' })
      expect(await target(o, id)).toBe('2026-03-09T20:00:00.000Z') // opens at 16:00 UTC
      await o.update('Account', AccountId, { AccountNumber: 'Mars/Base' })
      expect(await target(o, id)).toBe('2026-03-09T20:00:00.000Z')
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')).toMatchObject([
        { Reason: 'Account.AccountNumber holds no time zone. Write a name such as Europe/London.' },
      ])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)
