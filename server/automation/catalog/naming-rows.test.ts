import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { DocumentChange, SaveRequest } from '#automation'
import { quote } from '#database'
import type { ActionDocument, FieldDocument, PermissionSetDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const admin = automationActor('test')
const set = (name: string): PermissionSetDocument => ({ kind: 'PermissionSet', name, label: name })
const put = (document: PermissionSetDocument, renameFrom?: string): DocumentChange => ({ kind: 'PermissionSet', name: document.name, document, ...(renameFrom ? { renameFrom } : {}) }) // prettier-ignore
const gone = (kind: 'PermissionSet' | 'EntitlementProcess', name: string): DocumentChange => ({ kind, name, document: null }) // prettier-ignore

describeDatabases(
  'rows that name metadata',
  (open) => {
    const start = () => openOrganisation(open, MONDAY_10)
    const errors = async (o: Organisation, request: SaveRequest) =>
      (await o.engine.save(admin, [request]))[0]!.errors.map((e) => [e.field, e.code, e.message])
    const assignment = (o: Organisation, PermissionSet: string): SaveRequest => ({ operation: 'create', object: 'PermissionSetAssignment', values: { AssigneeId: o.ids.ana!, PermissionSet } }) // prettier-ignore
    const plan = async (o: Organisation, ...changes: DocumentChange[]) =>
      o.engine.catalogs.plan(admin, changes, { allowDestructive: true })
    async function apply(o: Organisation, ...changes: DocumentChange[]): Promise<number> {
      const { planId, findings } = await plan(o, ...changes)
      expect(findings).toEqual([])
      const applied = await o.engine.catalogs.apply(admin, planId)
      expect(applied.findings).toEqual([])
      return applied.version
    }
    /** As an earlier release or an import left it. */
    async function imported(o: Organisation, id: string, values: { readonly [field: string]: string }): Promise<void> {
      const object = o.engine.catalogs.current().objectByKeyPrefix(id.slice(0, 3))!
      const sets = Object.entries(values).map(([name, value]) => `${quote(object.field(name)!.column!)} = '${value}'`)
      await o.database.transaction((tx) => tx.run(`UPDATE ${quote(object.table)} SET ${sets.join(', ')} WHERE ${quote(object.field('Id')!.column!)} = '${id}'`)) // prettier-ignore
    }
    const named = async (o: Organisation, id: string, field = 'PermissionSet') => (await o.read(id))[field]

    it('are refused when there is no such thing, with the name that was meant', async () => {
      const o = await start()
      expect(await errors(o, assignment(o, 'Support Agent'))).toEqual([
        ['PermissionSet', 'NOT_FOUND', 'There is no permission set “Support Agent”. Did you mean Support_Agent?'],
      ])
      expect(await errors(o, assignment(o, 'Nonsense'))).toEqual([
        ['PermissionSet', 'NOT_FOUND', 'There is no permission set “Nonsense”. Name one that is there, or make it first.'], // prettier-ignore
      ])
      await deploy(o, { ...simple, status: 'draft', isDefault: false })
      for (const object of ['Entitlement', 'EntitlementTemplate']) {
        const values: Row = { Name: 'Gold', ...(object === 'Entitlement' ? { AccountId: o.ids.account! } : {}) }
        const request = (EntitlementProcess: string | null): SaveRequest => ({ operation: 'create', object, values: { ...values, EntitlementProcess } }) // prettier-ignore
        expect(await errors(o, request('Simpel'))).toMatchObject([['EntitlementProcess', 'NOT_FOUND', 'There is no entitlement process “Simpel”. Did you mean Simple?']]) // prettier-ignore
        expect(await errors(o, request('Simple_v1'))).toMatchObject([['EntitlementProcess', 'NOT_FOUND', expect.anything()]]) // prettier-ignore
        expect(await errors(o, request('Simple'))).toEqual([])
        expect(await errors(o, { ...request(null), values: { ...values, Name: 'Bronze' } } as SaveRequest)).toEqual([])
      }
    })

    it('are written as the thing is called', async () => {
      const o = await start()
      const id = await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ana!, PermissionSet: 'support_AGENT' })
      expect(await named(o, id)).toBe('Support_Agent')
      await o.update('PermissionSetAssignment', id, { PermissionSet: 'READ_ONLY' })
      expect(await named(o, id)).toBe('Read_Only')
      expect(await errors(o, { operation: 'update', object: 'PermissionSetAssignment', id, values: { PermissionSet: 'Readonly' } })).toMatchObject([['PermissionSet', 'NOT_FOUND', expect.stringContaining('Did you mean Read_Only?')]]) // prettier-ignore
    })

    it('follow a rename, two that change places, and their undo; in the recycle bin too', async () => {
      const o = await start()
      await deploy(o, set('A'), set('B'))
      const [a, b, binned] = [
        await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ana!, PermissionSet: 'A' }),
        await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ben!, PermissionSet: 'B' }),
        await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ben!, PermissionSet: 'A' }),
      ]
      await o.engine.save(admin, [{ operation: 'delete', object: 'PermissionSetAssignment', id: binned }])
      const version = await apply(o, put(set('C'), 'A'))
      expect([await named(o, a), await named(o, b), await named(o, binned)]).toEqual(['C', 'B', 'C'])
      expect((await o.read(a)).Version).toBe(2)
      await o.engine.save(admin, [{ operation: 'undelete', object: 'PermissionSetAssignment', id: binned }])
      expect((await undo(o.engine, admin, version)).findings).toEqual([])
      expect([await named(o, a), await named(o, binned)]).toEqual(['A', 'A'])
      const ids = new Map([...o.engine.catalogs.current().permissionSets].map(([name, { id }]) => [name, id!]))
      await apply(o, put({ ...set('B'), id: ids.get('A')! }), put({ ...set('A'), id: ids.get('B')! }))
      expect([await named(o, a), await named(o, b)]).toEqual(['B', 'A'])
    })

    it('keep what they name from being deleted, as long as they are there', async () => {
      const o = await start()
      await deploy(o, set('A'))
      const make = assignment(o, 'A')
      const id = (await o.engine.save(admin, [make]))[0]!.id!
      expect((await plan(o, gone('PermissionSet', 'A'))).findings).toMatchObject([
        { code: 'IN_USE', message: "A can't be deleted while 1 Permission Set Assignment names it (PermissionSetAssignment.PermissionSet)." }, // prettier-ignore
      ])
      await o.engine.save(admin, [{ operation: 'delete', object: 'PermissionSetAssignment', id }])
      const early = await plan(o, gone('PermissionSet', 'A'))
      expect(early.findings).toEqual([])
      await o.engine.save(admin, [make])
      expect((await o.engine.catalogs.apply(admin, early.planId)).findings).toMatchObject([{ code: 'STALE_PLAN' }])
      for (const { Id } of await o.rows('PermissionSetAssignment'))
        await o.engine.save(admin, [{ operation: 'delete', object: 'PermissionSetAssignment', id: String(Id) }])
      await apply(o, gone('PermissionSet', 'A'))
      expect(await errors(o, { operation: 'undelete', object: 'PermissionSetAssignment', id })).toMatchObject([['PermissionSet', 'NOT_FOUND', expect.anything()]]) // prettier-ignore
    })

    it('hold a process, not one version of several', async () => {
      const o = await start()
      await deploy(o, { ...simple, status: 'draft', isDefault: false }, { ...simple, name: 'Simple_v2', version: 2, status: 'draft', isDefault: false }) // prettier-ignore
      const id = await entitle(o)
      await apply(o, gone('EntitlementProcess', 'Simple_v2'))
      expect((await plan(o, gone('EntitlementProcess', 'Simple_v1'))).findings).toMatchObject([{ code: 'IN_USE', message: "Simple can't be deleted while 1 Entitlement names it (Entitlement.EntitlementProcess)." }]) // prettier-ignore
      await o.update('Entitlement', id, { EntitlementProcess: null })
      await apply(o, gone('EntitlementProcess', 'Simple_v1'))
    })

    it('never take effect by what is made later: it is refused by name, and the doctor lists them', async () => {
      const o = await start()
      const id = await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ana!, PermissionSet: 'Read_Only' })
      await imported(o, id, { PermissionSet: 'Ghost' })
      expect(await o.engine.diagnose()).toContainEqual({
        code: 'UNKNOWN_NAME',
        severity: 'warning',
        message: '1 Permission Set Assignment names Ghost (PermissionSetAssignment.PermissionSet), and there is no such permission set.', // prettier-ignore
        hint: 'Have them name one that is there, or delete them.',
      })
      await deploy(o, set('A'))
      for (const changes of [[put(set('Ghost'))], [put(set('Ghost'), 'A')]])
        expect((await plan(o, ...changes)).findings).toMatchObject([{ code: 'NAMED_BEFORE', message: expect.stringMatching(/^1 Permission Set Assignment names Ghost already/) }]) // prettier-ignore
      await o.update('PermissionSetAssignment', id, { PermissionSet: 'A' })
      await apply(o, put(set('Ghost')))
      expect((await o.engine.diagnose()).map((f) => f.code)).not.toContain('UNKNOWN_NAME')
    })

    it('are of any object, by a field of its own', async () => {
      const o = await start()
      const field: FieldDocument = { kind: 'Field', name: 'Account.Default_Set__c', label: 'Default set', type: 'Text', length: 80, names: 'PermissionSet' } // prettier-ignore
      await deploy(o, field, set('A'))
      expect(await errors(o, { operation: 'update', object: 'Account', id: o.ids.account!, values: { Default_Set__c: 'B' } })).toMatchObject([['Default_Set__c', 'NOT_FOUND', expect.anything()]]) // prettier-ignore
      await o.update('Account', o.ids.account!, { Default_Set__c: 'a' })
      await apply(o, put(set('B'), 'A'))
      expect(await named(o, o.ids.account!, 'Default_Set__c')).toBe('B')
      const { findings } = await plan(o, { kind: 'Field', name: 'Account.N__c', document: { ...field, name: 'Account.N__c', type: 'Number' } }) // prettier-ignore
      expect(findings.map((f) => f.path)).toContain('names')
    })

    it('are of messages that wait: an action that is renamed still sends them', async () => {
      const o = await start()
      const alert: ActionDocument = { kind: 'Action', name: 'Hook', label: 'Hook', object: 'WorkOrder', type: 'OutboundMessage', url: 'https://127.0.0.1:1/' } // prettier-ignore
      await deploy(o, alert, { ...simple, milestones: [{ name: 'A', milestone: 'Dispatch', target: { hours: 2 }, violations: [{ after: { minutes: 0 }, actions: ['Hook'] }] }] }) // prettier-ignore
      await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }, 'ana') // prettier-ignore
      await o.at('2026-03-09T17:00:00Z')
      const actions = async () => (await o.rows('OutboxMessage')).map((row) => row.Action)
      expect(await actions()).toEqual(['Hook'])
      await apply(o, { kind: 'Action', name: 'Call', document: { ...alert, name: 'Call' }, renameFrom: 'Hook' })
      expect(await actions()).toEqual(['Call'])
    })
  },
  installShipped,
)
