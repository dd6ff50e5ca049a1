import { beforeAll, expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { ActionDocument, Document, FieldDocument, PermissionSetDocument } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, simple } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

const set = (name: string, more: Partial<PermissionSetDocument> = {}): PermissionSetDocument => ({
  kind: 'PermissionSet',
  name,
  label: name,
  ...more,
})
const secret: FieldDocument = { kind: 'Field', name: 'Case.Secret__c', label: 'Secret', type: 'Text', length: 80 }
const plain: FieldDocument = { kind: 'Field', name: 'Case.Plain__c', label: 'Plain', type: 'Text', length: 80 }
const AGENT = { Case: { read: true, create: true, fields: { Subject: 'edit', Plain__c: 'read' } } } as const

describeDatabases(
  'who may change metadata but not manage users',
  (open) => {
    let o: Organisation
    beforeAll(async () => {
      o = await openOrganisation(open.keep, '2026-03-04T17:00:00Z')
      await deploy(o, secret, plain, set('Agent', { objects: AGENT }), set('Empty'))
    }, 120_000)

    const actor = (more: Partial<PermissionSetDocument>): Actor => ({
      ...automationActor('x'),
      system: undefined,
      userId: o.ids.ana!,
      permissions: compilePermissions([set('x', more)], o.engine.catalogs.current()),
    })
    /** Changes metadata and holds what an agent holds. */
    const modeller = (): Actor => actor({ system: ['manageMetadata'], objects: AGENT })
    const everything = (): Actor => actor({ system: ['manageMetadata'], modifyAll: true })
    const manager = (): Actor => actor({ system: ['manageMetadata', 'manageUsers'] })

    const change = (document: Document, more: object = {}) => ({ kind: document.kind, name: document.name, document, ...more }) // prettier-ignore
    const remove = (kind: Document['kind'], name: string) => ({ kind, name, document: null })
    const messages = async (
      by: Actor,
      ...changes: Parameters<Organisation['engine']['catalogs']['plan']>[1][number][]
    ) =>
      (await o.engine.catalogs.plan(by, changes, { allowDestructive: true })).findings.map((f) =>
        f.message.replace(/^\w+ gives/, 'It gives'),
      )
    const refused = (...texts: string[]) => [`It gives what you don't have yourself: ${texts.join(', ')}.`]

    it('gives what it holds', async () => {
      expect(await messages(modeller(), change(set('Empty', { objects: AGENT })))).toEqual([])
      expect(await messages(modeller(), change(set('Other', { objects: AGENT })))).toEqual([])
    })

    it.each<[string, Partial<PermissionSetDocument>, string[]]>([
      ['a system permission', { system: ['manageUsers', 'viewSetup', 'manageMetadata'] }, ['manageUsers']],
      ['everything', { modifyAll: true, viewAll: true }, ['modifyAll', 'viewAll']],
      ['an object', { objects: { Account: { read: true } } }, ['read Account']],
      ['another verb', { objects: { Case: { edit: true, delete: true } } }, ['edit Case', 'delete Case']],
      ['a hidden field', { objects: { Case: { fields: { Secret__c: 'read' } } } }, ['read Case.Secret__c']],
      ['a field to edit', { objects: { Case: { fields: { Plain__c: 'edit' } } } }, ['edit Case.Plain__c']],
      ['what is about users', { objects: { Group: { create: true } } }, ['create Group', 'read Group']],
    ])('does not give %s that it lacks', async (_, more, lacking) => {
      expect(await messages(modeller(), change(set('Empty', more)))).toEqual(refused(...lacking))
      expect(await messages(modeller(), change(set('Brand_New', more)))).toEqual(refused(...lacking))
      expect(await messages(manager(), change(set('Empty', more)))).toEqual([])
    })

    it('gives everything but system permissions when it holds everything', async () => {
      const all = { modifyAll: true, viewAll: true, objects: { Case: { delete: true, fields: { Secret__c: 'edit' } } } } as const // prettier-ignore
      expect(await messages(everything(), change(set('Empty', all)))).toEqual([])
      expect(await messages(everything(), change(set('Empty', { system: ['manageUsers'] })))).toEqual(refused('manageUsers')) // prettier-ignore
    })

    const taken = (name: string, texts: string) => `You may not change ${name}: it takes from others or denies them: ${texts}, which takes the permission manageUsers.` // prettier-ignore

    it('takes nothing from others and denies them nothing', async () => {
      const administrator = o.engine.catalogs.current().permissionSets.get('System_Administrator')!
      expect(await messages(modeller(), change(set('Agent', { objects: { Case: { ...AGENT.Case, create: false } } })))).toEqual([taken('Agent', 'create Case')]) // prettier-ignore
      expect(await messages(modeller(), remove('PermissionSet', 'Agent'))).toEqual([taken('Agent', 'create Case, read Case, read Case.Subject, edit Case.Subject, read Case.Plain__c')]) // prettier-ignore
      expect(await messages(modeller(), change({ ...administrator, modifyAll: false }))).toEqual([taken('System_Administrator', 'modifyAll')]) // prettier-ignore
      expect(await messages(everything(), change({ ...administrator, objects: { Case: { fields: { Subject: 'none' } } } }))).toEqual([taken('System_Administrator', 'none Case.Subject')]) // prettier-ignore
      expect(await messages(modeller(), change({ ...administrator, name: 'Admin' }, { renameFrom: administrator.name }))).toEqual([]) // prettier-ignore
      expect(await messages(modeller(), change({ ...administrator, label: 'Admin' }))).toEqual([])
      expect(await messages(everything(), change(set('Empty', { objects: { Case: { fields: { OwnerId: 'none' } } } })))).toEqual([taken('Empty', 'none Case.OwnerId')]) // prettier-ignore
      expect(await messages(modeller(), change(set('Empty', { objects: { Case: { fields: { OwnerId: 'edit' } } } })))).toEqual(refused('edit Case.OwnerId')) // prettier-ignore
      await deploy(o, set('Denied', { objects: { Case: { fields: { Secret__c: 'none' } } } }))
      expect(await messages(modeller(), change(set('Denied')))).toEqual([taken('Denied', 'none Case.Secret__c')])
      expect(await messages(manager(), change(set('Denied')), change({ ...administrator, modifyAll: false }))).toEqual([]) // prettier-ignore
      const { warnings } = await o.engine.catalogs.plan(manager(), [change({ ...administrator, modifyAll: false })])
      expect(warnings).toContain(
        'Administrators who have System_Administrator lose modifyAll. Make sure that somebody else has it.',
      )
    })

    it('gives what comes with what it has', async () => {
      expect(await messages(modeller(), change(set('Empty', { system: ['viewSetup', 'manageProcesses'] })))).toEqual([])
    })

    it('reads by no formula, action or rule what it may not read', async () => {
      const hidden = (name: string) => `${name} reads Case.Secret__c, which you may not read yourself.`
      const documents: Document[] = [
        { ...plain, name: 'Case.Copy__c', type: 'Formula', formula: 'Secret__c', formulaType: 'Text', length: undefined } as FieldDocument, // prettier-ignore
        { ...plain, name: 'Case.Filled__c', defaultFormula: 'Secret__c' },
        { kind: 'ValidationRule', name: 'Case.Guess', errorConditionFormula: 'Secret__c = "x"', errorMessage: 'x' },
        { kind: 'Action', name: 'Post', label: 'x', object: 'Case', type: 'FeedPost', body: '{!Secret__c}' },
        { kind: 'Action', name: 'Send', label: 'x', object: 'Case', type: 'OutboundMessage', url: 'https://example.com', fields: ['Secret__c'] }, // prettier-ignore
        { kind: 'EmailTemplate', name: 'Mail', object: 'Case', subject: 'x', body: '{!Secret__c}' },
      ]
      for (const document of documents) {
        expect(await messages(modeller(), change(document))).toContain(hidden(document.name))
        expect(await messages(everything(), change(document))).toEqual([])
      }
      const own: FieldDocument = { ...plain, name: 'Case.Upper__c', type: 'Formula', formula: 'UPPER(Subject)', formulaType: 'Text', length: undefined } as FieldDocument // prettier-ignore
      expect(await messages(modeller(), change(own))).toEqual([])
      const counted: FieldDocument = { kind: 'Field', name: 'Account.Worst__c', label: 'x', type: 'RollupSummary', rollup: { object: 'Case', through: 'AccountId', operation: 'count', filter: 'Secret__c = "x"' } } // prettier-ignore
      expect(await messages(modeller(), change(counted))).toContain(hidden('Account.Worst__c'))
    })

    it('gives nobody a formula field whose sources it may not read', async () => {
      await deploy(o, { ...secret, name: 'Case.Hush__c' }, { ...plain, name: 'Case.Shown__c', type: 'Formula', formula: 'Hush__c', formulaType: 'Text', length: undefined } as FieldDocument) // prettier-ignore
      const reader = actor({ system: ['manageMetadata'], objects: { Case: { read: true, fields: { Shown__c: 'read' } } } }) // prettier-ignore
      expect(await messages(reader, change(set('Empty', { objects: { Case: { read: true, fields: { Shown__c: 'read' } } } })))).toEqual(refused('read Case.Shown__c')) // prettier-ignore
    })

    it('says who may use what it makes', async () => {
      const made: Document[] = [
        { kind: 'Object', name: 'Made__c', label: 'Made', pluralLabel: 'Made', nameField: { label: 'Name', type: 'Text' } }, // prettier-ignore
        { ...plain, name: 'Made__c.Note__c' },
        { ...plain, name: 'Case.Made__c' },
      ]
      const grants = { Made__c: { create: true, delete: true, fields: { Note__c: 'edit' } }, Case: { read: true, fields: { Made__c: 'edit' } } } as const // prettier-ignore
      expect(await messages(modeller(), ...[...made, set('Empty', { objects: grants })].map((d) => change(d)))).toEqual([]) // prettier-ignore
      await deploy(o, ...made)
      expect(await messages(modeller(), change(set('Empty', { objects: grants })))).toEqual(
        refused(
          'create Made__c',
          'read Made__c',
          'delete Made__c',
          'read Made__c.Note__c',
          'edit Made__c.Note__c and 2 more',
        ),
      )
    })

    it('may rename and delete what permission sets name; what comes back is for those who have everything', async () => {
      await deploy(o, set('Reader', { objects: { Case: { read: true, fields: { Secret__c: 'read' } } } }))
      expect(await messages(modeller(), change({ ...secret, name: 'Case.Hidden__c' }, { renameFrom: secret.name }))).toEqual([]) // prettier-ignore
      const { planId } = await o.engine.catalogs.plan(modeller(), [remove('Field', secret.name)], { allowDestructive: true }) // prettier-ignore
      const { version } = await o.engine.catalogs.apply(modeller(), planId)
      expect(o.engine.catalogs.current().permissionSets.get('Reader')!.objects!.Case!.fields).toEqual({})
      const undone = await undo(o.engine, modeller(), version)
      expect(undone.findings).toMatchObject([{ code: 'PLAN_HAS_ERRORS' }, { code: 'NOT_HELD' }])
      expect((await undo(o.engine, everything(), version)).findings).toEqual([])
      expect(o.engine.catalogs.current().permissionSets.get('Reader')!.objects!.Case!.fields).toEqual({ Secret__c: 'read' }) // prettier-ignore
    })

    it('applies no plan of somebody who may do more, and no undo', async () => {
      const { planId } = await o.engine.catalogs.plan(manager(), [change(set('Empty', { system: ['manageUsers'] }))])
      expect((await o.engine.catalogs.apply(modeller(), planId)).findings).toMatchObject([{ code: 'NOT_HELD' }])
      const { version } = await o.engine.catalogs.apply(manager(), planId)
      expect((await undo(o.engine, modeller(), version)).findings).toMatchObject([{}, { code: 'NO_ACCESS' }])
    })

    it('maps nothing of its own onto tables and columns that are there', async () => {
      const documents = [
        { kind: 'Object', name: 'Taken__c', label: 'x', pluralLabel: 'x', nameField: { label: 'Name', type: 'Text' }, physicalName: 'o_permission_set_assignment' }, // prettier-ignore
        { ...plain, name: 'Taken__c.Whose__c', physicalName: 'c_assignee_id' },
        { ...plain, name: 'Case.Gone__c', physicalName: 'c_is_deleted' },
      ] as const
      const { planId } = await o.engine.catalogs.plan(modeller(), documents.map((d) => change(d))) // prettier-ignore
      expect((await o.engine.catalogs.apply(modeller(), planId)).findings).toEqual([])
      const next = o.engine.catalogs.current()
      expect(next.object('Taken__c')?.table).toBe('o_taken_c')
      expect(next.object('Taken__c')?.field('Whose__c')?.column).toBe('c_whose_c')
      expect(next.object('Case')?.field('Gone__c')?.column).toBe('c_gone_c')
    })

    it('gives what it made itself as long as nobody has it', async () => {
      const theirs: FieldDocument = { ...plain, name: 'Case.Mine__c' }
      const { planId } = await o.engine.catalogs.plan(modeller(), [change(theirs)])
      expect((await o.engine.catalogs.apply(modeller(), planId)).findings).toEqual([])
      const give = set('Fresh', { objects: { Case: { read: true, fields: { Mine__c: 'edit' } } } })
      expect(await messages(modeller(), change(give))).toEqual([])
      const { planId: others } = await o.engine.catalogs.plan(manager(), [change(set('Others', { objects: { Case: { read: true, fields: { Mine__c: 'edit' } } } }))]) // prettier-ignore
      await o.engine.catalogs.apply(manager(), others)
      expect(await messages(modeller(), change(give))).toEqual(refused('read Case.Mine__c', 'edit Case.Mine__c'))
    })

    it('turns no lookup, formula or label that an action about users hangs on', async () => {
      const through: FieldDocument = { kind: 'Field', name: 'WorkOrder.Turned__c', label: 'x', type: 'Lookup', referenceTo: ['Contact'] } // prettier-ignore
      const harmless: ActionDocument = { kind: 'Action', name: 'Turn', label: 'x', object: 'WorkOrder', type: 'FieldUpdate', on: { through: 'Turned__c' }, field: 'LastName', formula: '"x"' } // prettier-ignore
      const value: FieldDocument = { ...plain, name: 'WorkOrder.Given__c', type: 'Formula', formula: '"a"', formulaType: 'Text', length: undefined } as FieldDocument // prettier-ignore
      const name: ActionDocument = { kind: 'Action', name: 'Rename', label: 'x', object: 'WorkOrder', type: 'FieldUpdate', on: { through: 'CreatedById' }, field: 'LastName', formula: 'Given__c' } // prettier-ignore
      await deploy(o, through, harmless, value, name)
      expect(await messages(everything(), change({ ...through, referenceTo: ['User'] }))).toEqual(['You may not change WorkOrder.Turned__c: Turn hangs on it, and it writes User, which takes the permission manageUsers.']) // prettier-ignore
      expect(await messages(everything(), change({ ...value, formula: '"b"' }))).toEqual(['You may not change WorkOrder.Given__c: Rename hangs on it, and it writes User, which takes the permission manageUsers.']) // prettier-ignore
      expect(await messages(everything(), change({ ...value, label: 'y' }))).toEqual([])
      expect(await messages(manager(), change({ ...value, formula: '"b"' }))).toEqual([])
      expect(await messages(everything(), remove('Action', 'Rename'))).toHaveLength(1)
    })

    it('makes no user part of another record', async () => {
      const part: FieldDocument = { kind: 'Field', name: 'User.Part__c', label: 'x', type: 'MasterDetail', referenceTo: ['Account'] } // prettier-ignore
      expect(await messages(everything(), change(part))).toContainEqual(expect.stringContaining('takes the permission manageUsers')) // prettier-ignore
    })

    it.each<Document>([
      { kind: 'ValidationRule', name: 'User.Never', errorConditionFormula: 'true', errorMessage: 'No.' },
      { ...plain, name: 'User.Must__c', required: true },
      { ...plain, name: 'User.Once__c', unique: true },
      { ...plain, name: 'User.Filled__c', defaultFormula: '"x"' },
      { kind: 'Field', name: 'User.Gone__c', label: 'x', type: 'Lookup', referenceTo: ['Account'], deleteConstraint: 'Cascade' }, // prettier-ignore
      { kind: 'Field', name: 'Case.Kept__c', label: 'x', type: 'Lookup', referenceTo: ['User'], deleteConstraint: 'Restrict' }, // prettier-ignore
    ])('stops and changes no save of people: $name', async (document) => {
      expect(await messages(everything(), change(document))).toMatchObject([expect.stringContaining('takes the permission manageUsers')]) // prettier-ignore
      expect(await messages(manager(), change(document))).toEqual([])
    })

    it.each<[string, ActionDocument]>([
      ['a record it makes', { kind: 'Action', name: 'Give', label: 'x', object: 'WorkOrder', type: 'CreateRecord', create: 'PermissionSetAssignment', values: { AssigneeId: 'OwnerId', PermissionSet: '"System_Administrator"' } }], // prettier-ignore
      ['a field it updates', { kind: 'Action', name: 'Give', label: 'x', object: 'WorkOrder', type: 'FieldUpdate', on: { through: 'CreatedById' }, field: 'IsActive', formula: 'true' }], // prettier-ignore
    ])('makes no action that writes about users: %s', async (_, action) => {
      const written = action.type === 'CreateRecord' ? 'PermissionSetAssignment' : 'User'
      const text = `it writes ${written}, which takes the permission manageUsers.`
      expect(await messages(everything(), change(action))).toEqual([`You may not change Give: ${text}`])
      await deploy(o, action)
      const process = { ...simple, status: 'draft' as const, isDefault: false, milestones: [{ ...simple.milestones[1]!, successActions: ['Give'] }] } // prettier-ignore
      expect(await messages(everything(), change(process))).toEqual([`You may not change Simple_v1: its action Give writes ${written}, which takes the permission manageUsers.`]) // prettier-ignore
      expect(await messages(manager(), change(process))).toEqual([])
    })

    it('changes no document that says who users are: only words, and fields of its own', async () => {
      const catalog = o.engine.catalogs.current()
      const user = catalog.object('User')!
      const email = user.field('Email')!.document!
      const { writePermission: _, ...open } = user.document
      for (const by of [everything(), manager()]) expect(await messages(by, change(open))).toEqual(['User comes with the platform, and its `writePermission` is not changed.']) // prettier-ignore
      expect(await messages(everything(), change({ ...user.document, closedWhen: 'IsActive' }))).toEqual(['You may not change User: it says who users are and what they may do, which takes the permission manageUsers.']) // prettier-ignore
      expect(await messages(everything(), change({ ...email, trackHistory: true }))).toHaveLength(1)
      for (const by of [everything(), manager()])
        for (const more of [{ personal: true }, { defaultFormula: '"x@example.com"' }, { required: false }])
          expect(await messages(by, change({ ...email, ...more }))).toEqual([`User.Email comes with the platform, and its \`${Object.keys(more)[0]}\` is not changed.`]) // prettier-ignore
      expect(await messages(everything(), change({ ...email, label: 'E-mail' }))).toEqual([])
      expect(await messages(manager(), change({ ...email, trackHistory: true }))).toEqual([])
      const own: FieldDocument = { ...plain, name: 'User.Desk__c' }
      expect(await messages(everything(), change(own))).toEqual([])
      expect(await messages(everything(), change({ ...own, personal: true }))).toHaveLength(1)
    })
  },
  installShipped,
)
