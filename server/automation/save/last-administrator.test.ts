import { beforeEach, describe, expect, it } from 'vitest'
import { AUTOMATION_USER_ID, automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import { openDatabase, placeholders, quote } from '#database'
import type { ActionDocument, PermissionSetDocument } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const ADMIN = 'System_Administrator'
const LAST = 'LAST_ADMINISTRATOR'

describeDatabases(
  'the last administrator',
  (open) => {
    let o: Organisation
    let assignment: string
    beforeEach(async () => {
      o = await openOrganisation(open, MONDAY_10)
      assignment = await assign('ana')
    })

    const assign = (who: string, PermissionSet = ADMIN) => o.create('PermissionSetAssignment', { AssigneeId: o.ids[who]!, PermissionSet }) // prettier-ignore
    const administrator = (): Actor => ({
      ...automationActor('x'),
      system: undefined,
      userId: o.ids.ana!,
      permissions: compilePermissions([sets().get(ADMIN)!], o.engine.catalogs.current()),
    })
    const sets = () => o.engine.catalogs.current().permissionSets
    const save = async (requests: SaveRequest[], mode: 'allOrNothing' | 'partial' = 'allOrNothing') =>
      (await o.engine.save(administrator(), requests, { mode })).map((r) => r.errors.map((e) => e.code))
    const password = (who: string) =>
      o.database.transaction(
        (tx) =>
        tx.run(`INSERT INTO user_credential (user_id, password_hash, changed_at) VALUES (${placeholders(tx.dialect, 1)}, 'x', '')`, [o.ids[who]!]), // prettier-ignore
      )
    const update = (object: string, id: string, values: Row): SaveRequest => ({ operation: 'update', object, id, values }) // prettier-ignore
    const deactivate = (who: string) => update('User', o.ids[who]!, { IsActive: false })
    const remove = (object: string, id: string): SaveRequest => ({ operation: 'delete', object, id })

    it.each<[string, () => SaveRequest]>([
      ['deactivated', () => deactivate('ana')],
      ['deleted', () => remove('User', o.ids.ana!)],
      ['left without the assignment', () => remove('PermissionSetAssignment', assignment)],
      ['given another permission set', () => update('PermissionSetAssignment', assignment, { PermissionSet: 'Read_Only' })], // prettier-ignore
      ['exchanged for somebody who is not active', () => update('PermissionSetAssignment', assignment, { AssigneeId: o.ids.ben! })], // prettier-ignore
    ])('is not %s', async (_, request) => {
      await o.update('User', o.ids.ben!, { IsActive: false })
      expect(await save([request()])).toEqual([[LAST]])
      expect(await save([request()], 'partial')).toEqual([[LAST]])
      expect([await o.read(o.ids.ana!), await o.read(assignment)]).toMatchObject([
        { IsActive: true, IsDeleted: false },
        { AssigneeId: o.ids.ana, PermissionSet: ADMIN, IsDeleted: false },
      ])
    })

    it('may go when another one is there, or comes in the same save', async () => {
      const give: SaveRequest = { operation: 'create', object: 'PermissionSetAssignment', values: { AssigneeId: o.ids.ben!, PermissionSet: ADMIN } } // prettier-ignore
      expect(await save([deactivate('ana'), give])).toEqual([[], []])
      expect(await save([deactivate('ben')])).toEqual([[LAST]])
      expect(await save([update('User', o.ids.ana!, { IsActive: true }), deactivate('ben')])).toEqual([[], []])
      expect(await save([{ ...give, values: { AssigneeId: o.ids.ben!, PermissionSet: 'Read_Only' } }, deactivate('ana')])).toEqual([['NOTHING_SAVED'], [LAST]]) // prettier-ignore
    })

    it('is not replaced by the user Automation, though an earlier release let it be active and assigned', async () => {
      const { objects } = o.engine.catalogs.current()
      const set = async (name: string, field: string, value: string | boolean, id: string) => {
        const object = objects.get(name)!
        const column = (of: string) => quote(object.field(of)!.column!)
        const [first, second] = [placeholders(open.dialect, 1), open.dialect === 'sqlite' ? '?' : '$2']
        await o.database.transaction((tx) => tx.run(`UPDATE ${quote(object.table)} SET ${column(field)} = ${first} WHERE ${column('Id')} = ${second}`, [value, id])) // prettier-ignore
      }
      const second = await assign('ben')
      await set('PermissionSetAssignment', 'AssigneeId', AUTOMATION_USER_ID, second)
      await set('User', 'IsActive', true, AUTOMATION_USER_ID)
      expect(await save([deactivate('ana')])).toEqual([[LAST]])
    })

    it('is one of several that go at once: all stay, or in parts all but the last', async () => {
      const second = await assign('ben')
      const both = [deactivate('ana'), remove('PermissionSetAssignment', second)]
      expect(await save(both)).toEqual([['NOTHING_SAVED'], [LAST]])
      expect(await save(both, 'partial')).toEqual([[], [LAST]])
    })

    it('needs a password where there are passwords', async () => {
      await assign('ben')
      await password('ben')
      expect(await save([deactivate('ben')])).toEqual([[LAST]])
      await password('ana')
      expect(await save([deactivate('ben')])).toEqual([[]])
    })

    it('may have both permissions from two sets', async () => {
      const half = (name: string, system: PermissionSetDocument['system'] & object): PermissionSetDocument => ({ kind: 'PermissionSet', name, label: name, system }) // prettier-ignore
      await deploy(o, half('Users_Only', ['manageUsers']), half('Metadata_Only', ['manageMetadata']))
      const first = await assign('ben', 'Users_Only')
      expect(await save([deactivate('ana')])).toEqual([[LAST]])
      await assign('ben', 'Metadata_Only')
      expect(await save([deactivate('ana')])).toEqual([[]])
      expect(await save([remove('PermissionSetAssignment', first)])).toEqual([[LAST]])
    })

    it('leaves an organisation alone that never had one', async () => {
      const empty = await openOrganisation(open, MONDAY_10)
      await empty.update('User', empty.ids.ana!, { IsActive: false })
      expect(await empty.read(empty.ids.ana!)).toMatchObject({ IsActive: false })
    })

    it('comes back from the recycle bin in any order', async () => {
      const second = await assign('ben')
      expect(await save([remove('User', o.ids.ben!)])).toEqual([[]])
      expect(await save([deactivate('ana')])).toEqual([[LAST]])
      expect(await save([{ operation: 'undelete', object: 'User', id: o.ids.ben! }])).toEqual([[]])
      expect(await o.read(second)).toMatchObject({ IsDeleted: false })
      expect(await save([deactivate('ana')])).toEqual([[]])
    })

    it('is not deactivated by an action, which fails alone', async () => {
      const action: ActionDocument = { kind: 'Action', name: 'Off', label: 'Off', object: 'WorkOrder', type: 'FieldUpdate', on: { through: 'CreatedById' }, field: 'IsActive', formula: 'false' } // prettier-ignore
      const milestones = [{ name: 'A', milestone: 'Dispatch', target: { hours: 2 }, violations: [{ after: { minutes: 0 }, actions: ['Off'] }] }] // prettier-ignore
      await deploy(o, action, { ...simple, milestones })
      const order = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }
      await o.create('WorkOrder', order, 'ana')
      await o.at('2026-03-09T17:00:00Z')
      const failed = () => o.rows('MilestoneTimer', (t) => t.Status === 'Failed')
      expect(await failed()).toMatchObject([{ Reason: expect.stringContaining('manageUsers and manageMetadata') }])
      expect(await o.read(o.ids.ana!)).toMatchObject({ IsActive: true })
      await assign('ben')
      await o.create('WorkOrder', order, 'ana')
      await o.at('2026-03-09T20:30:00Z')
      expect(await o.read(o.ids.ana!)).toMatchObject({ IsActive: false })
      expect(await failed()).toHaveLength(1)
    })

    describe('and permission sets', () => {
      const planOf = async (...changes: Parameters<Organisation['engine']['catalogs']['plan']>[1][number][]) =>
        o.engine.catalogs.plan(administrator(), changes, { allowDestructive: true })
      const put = (document: PermissionSetDocument) => ({ kind: document.kind, name: document.name, document })

      it('keeps what makes it one: no edit, no deletion', async () => {
        const set = sets().get(ADMIN)!
        const { findings } = await planOf(put({ ...set, system: ['manageMetadata'] }))
        expect(findings).toMatchObject([{ code: LAST, severity: 'error' }])
        expect((await planOf({ kind: 'PermissionSet', name: ADMIN, document: null })).findings).toMatchObject([{ code: 'IN_USE' }, { code: LAST }]) // prettier-ignore
        expect((await planOf(put({ ...set, label: 'Boss' }))).findings).toEqual([])
        const other: PermissionSetDocument = { kind: 'PermissionSet', name: 'Boss', label: 'Boss', system: ['manageUsers', 'manageMetadata'] } // prettier-ignore
        await deploy(o, other)
        await assign('ben', 'Boss')
        expect((await planOf(put({ ...set, system: ['manageMetadata'] }))).findings).toEqual([])
      })

      it('stays one under another name of the set', async () => {
        const { planId, findings } = await planOf({ ...put({ ...sets().get(ADMIN)!, name: 'Boss' }), renameFrom: ADMIN }) // prettier-ignore
        expect(findings).toEqual([])
        const { version } = await o.engine.catalogs.apply(administrator(), planId)
        expect(await o.read(assignment)).toMatchObject({ PermissionSet: 'Boss' })
        expect((await undo(o.engine, automationActor('x'), version)).findings).toEqual([])
        expect(await save([deactivate('ana')])).toEqual([[LAST]])
      })

      it('is not undone', async () => {
        const set: PermissionSetDocument = { kind: 'PermissionSet', name: 'Boss', label: 'Boss' }
        await deploy(o, set)
        const { planId } = await planOf(put({ ...set, system: ['manageUsers', 'manageMetadata'] }))
        const { version } = await o.engine.catalogs.apply(administrator(), planId)
        await assign('ben', 'Boss')
        expect(await save([deactivate('ana')])).toEqual([[]])
        expect((await undo(o.engine, administrator(), version)).findings).toMatchObject([{}, { code: LAST }])
        expect(await save([deactivate('ben')])).toEqual([[LAST]])
      })

      it('is looked at again when a plan is applied', async () => {
        await deploy(o, { kind: 'PermissionSet', name: 'Boss', label: 'Boss', system: ['manageUsers', 'manageMetadata'] }) // prettier-ignore
        await assign('ben', 'Boss')
        const { planId, findings } = await planOf(put({ ...sets().get(ADMIN)!, system: ['manageMetadata'] }))
        expect(findings).toEqual([])
        expect(await save([deactivate('ben')])).toEqual([[]])
        expect((await o.engine.catalogs.apply(administrator(), planId)).findings).toMatchObject([{ code: 'STALE_PLAN' }]) // prettier-ignore
        expect(sets().get(ADMIN)!.system).toContain('manageUsers')
      })
    })

    it('is named by the doctor where there is none', async () => {
      const codes = async () => (await o.engine.diagnose()).map((finding) => finding.code)
      expect(await codes()).not.toContain('NO_ADMINISTRATOR')
      await password('ben')
      expect(await codes()).toContain('NO_ADMINISTRATOR')
    })
  },
  installShipped,
)

describeDatabases(
  'two administrators who take each other away at once',
  (open) => {
    it.each(['IsActive', 'assignment'])('leave one: %s', async (what) => {
      const url = await open.url()
      const nodes = await Promise.all(
        [1, 2].map(() => organisationAt((options) => openDatabase({ url, ...options }), MONDAY_10)),
      )
      const first = nodes[0]!
      const people = (await first.rows('User')).filter((row) => row.IsActive === true).slice(0, 2)
      const requests: SaveRequest[] = []
      for (const { Id } of people) {
        const id = await first.create('PermissionSetAssignment', { AssigneeId: Id!, PermissionSet: ADMIN })
        if (what === 'IsActive')
          requests.push({ operation: 'update', object: 'User', id: String(Id), values: { IsActive: false } }) // prettier-ignore
        else requests.push({ operation: 'delete', object: 'PermissionSetAssignment', id })
      }
      const saved = await Promise.all(requests.map((request, i) => nodes[i]!.engine.save(automationActor('test'), [request]))) // prettier-ignore
      expect(saved.map(([result]) => result!.errors[0]?.code ?? 'saved').sort()).toEqual([LAST, 'saved'])
      for (const node of nodes) {
        await node.engine.stop()
        await node.database.close()
      }
    })
  },
  installShipped,
)
