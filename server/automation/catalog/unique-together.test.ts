import { beforeAll, expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document, FieldDocument } from '#metadata'
import { compilePermissions } from '#records'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

const actor = automationActor('test')
const text = (name: string, more: Partial<FieldDocument> = {}): FieldDocument => ({ kind: 'Field', name: `Account.${name}`, label: name, type: 'Text', length: 40, ...more }) // prettier-ignore

describeDatabases(
  'two fields that are unique together',
  (open) => {
    let o: Organisation
    beforeAll(async () => {
      o = await openOrganisation(open.keep, '2026-03-04T17:00:00Z')
      await deploy(o, text('Region__c'), text('Code__c'))
    })
    const findings = async (...documents: Document[]) => {
      const changes = documents.map((document) => ({ kind: document.kind, name: document.name, document }))
      return (await o.engine.catalogs.plan(actor, changes, { allowDestructive: true })).findings.map((f) => `${f.code} ${f.message}`) // prettier-ignore
    }
    const account = (Region__c: string | null, Code__c: string | null) => ({ Name: 'x', Region__c, Code__c })
    const errors = async (values: ReturnType<typeof account>) =>
      (await o.engine.save(actor, [{ operation: 'create', object: 'Account', values }]))[0]!.errors.map((e) => `${e.field} ${e.code}`) // prettier-ignore
    const code = (more: Partial<FieldDocument> = {}) => text('Code__c', { uniqueWith: 'Region__c', ...more })

    it('can’t become so while records have the same of both', async () => {
      await o.create('Account', account('North', '1'))
      const double = await o.create('Account', account('North', '1'))
      await o.create('Account', account('South', '1'))
      expect(await findings(code())).toEqual(['NOT_UNIQUE Account.Code__c can’t be unique: 1 value stands in more than one record.']) // prettier-ignore
      await o.engine.save(actor, [{ operation: 'delete', object: 'Account', id: double }])
      expect(await findings(code())).toEqual([])
      await deploy(o, code())
      expect(await errors(account('North', '1'))).toEqual(['Code__c UNIQUE'])
      expect(await errors(account('North', '2'))).toEqual([])
    })

    it('are refused without a word of the one that the caller may not read', async () => {
      const permissions = compilePermissions([{ kind: 'PermissionSet', name: 'P', label: 'P', objects: { Account: { read: true, edit: true, fields: { Region__c: 'edit' } } } }], o.engine.catalogs.current()) // prettier-ignore
      const id = await o.create('Account', account('East', '1'))
      const save = await o.engine.save({ ...actor, system: undefined, permissions }, [{ operation: 'update', object: 'Account', id, values: { Region__c: 'North' } }]) // prettier-ignore
      expect(save[0]!.errors).toMatchObject([{ code: 'UNIQUE', field: 'Region__c', message: 'Another Account has this Region__c already.' }]) // prettier-ignore
    })

    it('are any number of times blank, one or both', async () => {
      for (const [region, number] of [
        [null, '1'],
        ['North', null],
        [null, null],
      ] as const)
        // prettier-ignore
        for (let i = 0; i < 2; i++) expect(await errors(account(region, number))).toEqual([])
    })

    it('change no type while they are, and the other is not deleted', async () => {
      const moved = /^NOT_UNIQUE Account\.Code__c can’t be unique with Region__c while one of them changes its type\.$/
      for (const change of [
        code({ type: 'Number', length: undefined, precision: 8, scale: 0 }),
        text('Region__c', { type: 'Number', length: undefined, precision: 8, scale: 0 }),
      ])
        // prettier-ignore
        expect(await findings(change)).toContainEqual(expect.stringMatching(moved))
      const gone = await o.engine.catalogs.plan(actor, [{ kind: 'Field', name: 'Account.Region__c', document: null }], { allowDestructive: true }) // prettier-ignore
      expect(gone.findings).not.toEqual([])
    })

    it('names a field that there is', async () => {
      expect(await findings(code({ uniqueWith: 'Nothing__c' }))).not.toEqual([])
    })

    it('may become unique alone, and free again', async () => {
      expect(await findings(code({ unique: true, uniqueWith: undefined }))).toHaveLength(1)
      await deploy(o, code({ uniqueWith: undefined }))
      expect(await errors(account('North', '1'))).toEqual([])
      const report = await o.engine.diagnose()
      expect(report.filter((f) => f.code === 'MISSING_INDEX')).toEqual([])
    })
  },
  installShipped,
)
