import { beforeAll, describe, expect, it } from 'vitest'
import type { PermissionSetDocument } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import { formatInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { automationActor } from '#automation'
import type { SaveRequest, SaveResult } from '#automation'
import { installShipped, openOrganisation } from './testing/organisation.ts'
import type { Organisation } from './testing/organisation.ts'
import { undo } from './testing/undo.ts'

const NOON = '2026-03-04T17:00:00Z'

describeDatabases(
  'a save',
  (open) => {
    let o: Organisation
    beforeAll(async () => {
      o = await openOrganisation(open.keep, NOON)
    }, 120_000)

    const agent = (...sets: string[]): Actor => {
      const catalog = o.engine.catalogs.current()
      const documents = sets.map((name) => catalog.permissionSets.get(name)!)
      return {
        ...automationActor('x'),
        system: undefined,
        userId: o.ids.ana!,
        permissions: compilePermissions(documents, catalog),
      }
    }
    const save = (
      requests: SaveRequest[],
      options: { actor?: Actor; mode?: 'partial' } = {},
    ): Promise<readonly SaveResult[]> =>
      o.engine.save(options.actor ?? automationActor('test'), requests, options.mode ? { mode: options.mode } : {})
    const create = (object: string, values: Row): SaveRequest => ({ operation: 'create', object, values })
    const errorsOf = (results: readonly SaveResult[]) =>
      results.map((r) => r.errors.map((e) => `${e.field ?? ''} ${e.code}`.trim()))

    it('reports every field that is wrong, each beside its field, and saves nothing', async () => {
      const before = (await o.rows('Contact')).length
      const results = await save([
        create('Contact', {
          Email: 'not an address',
          AccountId: '001000000000000XYZ',
          Nope: 1,
          HasOptedOutOfEmail: 'yes',
        }),
      ])
      expect(errorsOf(results)[0]!.sort()).toEqual(
        [
          'AccountId NOT_FOUND',
          'Email WRONG_TYPE',
          'HasOptedOutOfEmail WRONG_TYPE',
          'LastName REQUIRED',
          'Nope UNKNOWN_FIELD',
        ].sort(),
      )
      expect((await o.rows('Contact')).length).toBe(before)
    })

    it('fills system values, defaults and numbers', async () => {
      const row = await o.read(await o.create('Case', { Subject: 'x' }, 'ana'))
      expect(row).toMatchObject({
        Status: 'New',
        IsEscalated: false,
        OwnerId: o.ids.ana,
        CreatedById: o.ids.ana,
        CreatedDate: '2026-03-04T17:00:00.000Z',
        Version: 1,
        IsDeleted: false,
      })
      expect(row.CaseNumber).toMatch(/^\d{8}$/)
    })

    it('saves all or nothing, unless told to save what it can', async () => {
      const requests = [
        create('Account', { Name: 'Good' }),
        create('Account', { Name: '' }),
        create('Account', { Name: 'Better' }),
      ]
      expect(errorsOf(await save(requests))).toEqual([['NOTHING_SAVED'], ['Name REQUIRED'], ['NOTHING_SAVED']])
      const partial = await save(requests, { mode: 'partial' })
      expect(errorsOf(partial)).toEqual([[], ['Name REQUIRED'], []])
      expect((await o.rows('Account', (a) => a.Name === 'Good' || a.Name === 'Better')).length).toBe(2)
    })

    it('refuses a stale version and tells both values', async () => {
      const id = await o.create('Account', { Name: 'First', Phone: '1' })
      await o.update('Account', id, { Phone: '2' })
      const [result] = await save([{ operation: 'update', object: 'Account', id, values: { Phone: '3' }, version: 1 }])
      expect(result!.errors).toMatchObject([{ code: 'STALE', conflict: { Phone: { current: '2', yours: '3' } } }])
      expect((await o.read(id)).Phone).toBe('2')
      expect(
        errorsOf(await save([{ operation: 'update', object: 'Account', id, values: { Phone: '3' }, version: 2 }])),
      ).toEqual([[]])
      expect(await o.read(id)).toMatchObject({ Phone: '3', Version: 3 })
    })

    it('keeps Version and LastModifiedDate when only the platform moved a column', async () => {
      const id = await o.create('Case', { Subject: 'x', Priority: 'Critical' }, 'ana')
      const before = await o.read(id)
      await o.at('2026-03-04T18:00:00.001Z')
      const after = await o.read(id)
      expect(after.MilestoneStatus).toBe('Open Violation')
      expect(after.Version).toBe(2) // the escalation is a change, the milestone's state is not
      expect(before.Version).toBe(1)
    })

    it('keeps field history of tracked fields', async () => {
      const id = await o.create('Case', { Subject: 'x', Priority: 'Low' }, 'ana')
      await o.update('Case', id, { Priority: 'High', Description: 'not tracked' }, 'ben')
      const history = await o.rows('FieldHistory', (h) => h.RecordId === id && h.Field === 'Priority')
      expect(history).toMatchObject([{ OldValue: 'Low', NewValue: 'High', ChangedById: o.ids.ben }])
    })

    it('stamps since when a formula holds, and takes the stamp back', async () => {
      const id = await o.create('Case', { Subject: 'x' }, 'ana')
      expect((await o.read(id)).ClosedDate).toBeNull()
      const at = formatInstant(o.clock.now())
      await o.update('Case', id, { Status: 'Closed' }, 'ana')
      expect((await o.read(id)).ClosedDate).toBe(at)
      await o.update('Case', id, { Subject: 'y' }, 'ana')
      expect((await o.read(id)).ClosedDate).toBe(at)
      await o.update('Case', id, { Status: 'New' }, 'ana')
      expect((await o.read(id)).ClosedDate).toBeNull()
    })

    it('lets nobody set what they may not, in the words of an unknown field', async () => {
      const may: Row = { Subject: 'x', Priority: 'High' }
      expect(errorsOf(await save([create('Case', may)], { actor: agent('Support_Agent') }))).toEqual([[]])
      expect(errorsOf(await save([create('Case', may)], { actor: agent('Read_Only') }))).toEqual([['NO_ACCESS']])
      expect(errorsOf(await save([create('Case', may)], { actor: agent() }))).toEqual([['NO_ACCESS']])
      expect(
        errorsOf(
          await save([create('Case', { ...may, CaseNumber: '1', MilestoneStatus: 'Compliant' })], {
            actor: agent('Support_Agent'),
          }),
        )[0]!.sort(),
      ).toEqual(['CaseNumber READ_ONLY', 'MilestoneStatus READ_ONLY'])
      expect(
        errorsOf(await save([create('RecordMilestone', { Name: 'x' })], { actor: agent('System_Administrator') })),
      ).toEqual([['NO_ACCESS']])
      const hidden: PermissionSetDocument = {
        kind: 'PermissionSet',
        name: 'x',
        label: 'x',
        objects: { Case: { create: true, read: true, edit: true, fields: { Subject: 'edit' } } },
      }
      const actor: Actor = { ...agent(), permissions: compilePermissions([hidden], o.engine.catalogs.current()) }
      const [result] = await save([create('Case', { Subject: 'x', Priority: 'High', Nonsense: 1 })], { actor })
      expect(result!.errors.map((e) => e.message)).toEqual(['No field Priority on Case.', 'No field Nonsense on Case.'])
    })

    it('upserts by a unique field', async () => {
      const upsert = (Email: string): SaveRequest => ({
        operation: 'upsert',
        object: 'User',
        by: { field: 'Username', value: 'new@example.com' },
        values: { LastName: 'New', Name: 'New', Email },
      })
      const [made] = await save([upsert('a@example.com')])
      const [found] = await save([upsert('b@example.com')])
      expect([made!.created, found!.created, found!.id]).toEqual([true, false, made!.id])
      expect((await o.read(made!.id!)).Email).toBe('b@example.com')
      expect(
        errorsOf(
          await save([
            { operation: 'upsert', object: 'Account', by: { field: 'Phone', value: '1' }, values: { Name: 'x' } },
          ]),
        ),
      ).toEqual([['Phone NOT_UNIQUE']])
      expect(
        errorsOf(
          await save([
            create('User', { Username: 'new@example.com', LastName: 'Twin', Name: 'Twin', Email: 'c@example.com' }),
          ]),
        ),
      ).toEqual([['Username UNIQUE']])
    })

    it('deletes details with their master, keeps lookups in order, and brings back what went', async () => {
      const account = await o.create('Account', { Name: 'Gone' })
      const contract = await o.create('ServiceContract', { Name: 'Gold', AccountId: account })
      const product = await o.create('Product2', { Name: 'Pump' })
      const line = await o.create('ContractLineItem', {
        ServiceContractId: contract,
        Product2Id: product,
        Quantity: 2,
        UnitPrice: 10,
      })
      expect((await o.read(contract)).LineItemCount).toBe(1)
      expect(errorsOf(await save([{ operation: 'delete', object: 'ServiceContract', id: contract }]))).toEqual([[]])
      expect([(await o.read(contract)).IsDeleted, (await o.read(line)).IsDeleted]).toEqual([true, true])
      expect(errorsOf(await save([{ operation: 'delete', object: 'ServiceContract', id: contract }]))).toEqual([
        ['NOT_FOUND'],
      ])
      expect(errorsOf(await save([{ operation: 'undelete', object: 'ServiceContract', id: contract }]))).toEqual([[]])
      expect([(await o.read(contract)).IsDeleted, (await o.read(line)).IsDeleted]).toEqual([false, false])
      await save([{ operation: 'delete', object: 'ContractLineItem', id: line }])
      expect((await o.read(contract)).LineItemCount).toBe(0)
    })

    it('stops the promises of a deleted record and arms nothing more', async () => {
      const id = await o.create('Case', { Subject: 'x', Priority: 'High' }, 'ana')
      await save([{ operation: 'delete', object: 'Case', id }])
      expect(await o.rows('MilestoneTimer', (t) => t.ParentId === id && t.Status === 'Pending')).toEqual([])
    })

    it('evaluates a process again when a field it reads through a lookup changes', async () => {
      const change = await o.engine.catalogs.plan(automationActor('test'), [
        { kind: 'EntitlementProcess', name: 'Tiered_v1', document: { kind: 'EntitlementProcess', name: 'Tiered_v1', process: 'Tiered', version: 1, label: 'Tiered', object: 'Case', status: 'active', isDefault: true, businessHours: 'Default', milestones: [
          { name: 'Gold', milestone: 'First Response', when: 'ISPICKVAL(Account.Tier__c, "Gold")', target: { minutes: 10 } },
          { name: 'Other', milestone: 'First Response', target: { minutes: 100 } },
        ] } },
        { kind: 'AutoApplyRule', name: 'Tiered_Cases', document: { kind: 'AutoApplyRule', name: 'Tiered_Cases', object: 'Case', order: 1, when: 'Subject = "tiered"', apply: { process: 'Tiered' } } },
      ]) // prettier-ignore
      expect(change.findings).toEqual([])
      await o.engine.catalogs.apply(automationActor('test'), change.planId)
      const account = await o.create('Account', { Name: 'Tiered', Tier__c: 'Bronze' })
      const id = await o.create('Case', { Subject: 'tiered', AccountId: account }, 'ana')
      const goal = async () =>
        (await o.rows('RecordMilestone', (m) => m.ParentId === id)).map((m) => [m.Item, m.TargetMinutes, m.Status])
      expect(await goal()).toEqual([['Other', 100, 'Running']])
      await o.update('Account', account, { Tier__c: 'Gold' })
      expect(await goal()).toEqual([['Gold', 10, 'Running']])
    })

    it('takes ten thousand rows in one call', { timeout: 180_000 }, async () => {
      const results = await save(Array.from({ length: 2_000 }, (_, i) => create('Account', { Name: `Bulk ${i}` })))
      expect(results.every((r) => r.id)).toBe(true)
      const many = await save(Array.from({ length: 10_001 }, () => create('Account', { Name: 'x' })))
      expect(many[0]!.errors).toMatchObject([{ code: 'TOO_MANY' }])
    })

    it('empties the recycle bin after fifteen days', async () => {
      const id = await o.create('Account', { Name: 'Old' })
      const kept = await o.create('Account', { Name: 'Kept' })
      await save([{ operation: 'delete', object: 'Account', id }])
      await o.at(formatInstant(o.clock.now() + 14 * 86_400_000))
      expect((await o.read(id)).IsDeleted).toBe(true)
      await o.at(formatInstant(o.clock.now() + 2 * 86_400_000))
      expect(await o.read(id)).toBeUndefined()
      expect((await o.read(kept)).Name).toBe('Kept')
    })

    describe('a field', () => {
      it('is added, renamed with its data, and removed on the running engine', async () => {
        const admin = automationActor('test')
        const change = async (...changes: Parameters<Organisation['engine']['catalogs']['plan']>[1][number][]) => {
          const plan = await o.engine.catalogs.plan(admin, changes, { allowDestructive: true })
          expect(plan.findings).toEqual([])
          expect((await o.engine.catalogs.apply(admin, plan.planId)).findings).toEqual([])
          return plan
        }
        const field = { kind: 'Field', name: 'Account.Nick__c', label: 'Nick', type: 'Text', length: 40 } as const
        await change({ kind: 'Field', name: field.name, document: field })
        const id = await o.create('Account', { Name: 'Named', Nick__c: 'nick' })
        expect((await change({ kind: 'Field', name: field.name, document: { ...field } })).steps).toEqual([])
        await change({
          kind: 'Field',
          name: 'Account.Alias__c',
          document: { ...field, name: 'Account.Alias__c' },
          renameFrom: 'Account.Nick__c',
        })
        expect((await o.read(id)).Alias__c).toBe('nick')
        const version = o.engine.catalogs.current().version
        await change({ kind: 'Field', name: 'Account.Alias__c', document: null })
        expect('Alias__c' in (await o.read(id))).toBe(false)
        expect((await undo(o.engine, admin, version + 1)).findings).toEqual([])
        expect((await o.read(id)).Alias__c).toBe('nick')
      })
    })
  },
  installShipped,
)
