import { describe, expect, test } from 'vitest'
import { compileCatalog } from './index.ts'
import { demo, shippedCatalog, shippedDocuments, standard } from './test/shipped.ts'

describe('the shipped documents', () => {
  test('pass their schemas and lie where they belong', () => {
    expect([...standard.findings, ...demo.findings]).toEqual([])
  })
  test('compile without a finding', () => {
    expect(compileCatalog(standard.documents, 1).findings).toEqual([])
    expect(compileCatalog(shippedDocuments, 1).findings).toEqual([])
  })
  test.each(
    'Account Contact Product2 Asset Case CaseComment EmailMessage Task WorkOrder ServiceContract ContractLineItem Entitlement EntitlementContact EntitlementTemplate ProductEntitlementTemplate Milestone RecordMilestone RecordMilestonePause MilestoneViolation MilestoneEvent MilestoneTimer OutboxMessage BusinessHours Holiday User Group GroupMember PermissionSetAssignment Organization FieldHistory UserRole Profile CurrencyType'.split(
      ' ',
    ),
  )('%s is there with a default layout and a list of all', (name) => {
    const object = shippedCatalog().object(name)
    expect(object?.layouts.has('Default')).toBe(true)
    expect(object?.listViews.has('All')).toBe(true)
    expect(object?.fields[0]?.name).toBe('Id')
  })
  test('have one key prefix and one table each', () => {
    const objects = [...shippedCatalog().objects.values()]
    expect(new Set(objects.map((o) => o.keyPrefix)).size).toBe(objects.length)
    expect(new Set(objects.map((o) => o.table)).size).toBe(objects.length)
    for (const o of objects)
      expect(new Set(o.fields.flatMap((f) => f.column ?? [])).size).toBe(o.fields.filter((f) => f.column).length)
  })
  test('no field is added twice and every picklist flagged closed agrees with IsClosed', () => {
    for (const name of ['Case', 'Task', 'WorkOrder']) {
      const object = shippedCatalog().object(name)
      const formula = object?.field('IsClosed')?.formula
      for (const { value, closed } of object?.field('Status')?.picklist?.values ?? [])
        expect([name, value, formula?.evaluate({ record: { Status: value }, now: 0 })]).toEqual([
          name,
          value,
          { ok: true, value: closed === true },
        ])
    }
  })
})

describe('the compiled catalog', () => {
  const catalog = shippedCatalog()
  test.each(['Standard_User', 'Read_Only'])('%s names every object of the business and each of its fields', (name) => {
    const sets = compileCatalog(standard.documents, 1).catalog!
    const grants = sets.permissionSets.get(name)!.objects!
    for (const object of sets.objects.values()) {
      const grant = grants[object.name]
      if (!object.setup && !object.platform) expect(grant, object.name).toMatchObject({ read: true })
      if (!grant || object.platform) continue
      expect(grant.edit ?? false, object.name).toBe(grant.create ?? false)
      const fields = object.fields.flatMap((field) => {
        if (grant.edit && !field.readOnly) return [[field.name, 'edit']]
        return field.origin === 'declared' && field !== object.nameField ? [[field.name, 'read']] : []
      })
      expect(grant.fields, object.name).toEqual(Object.fromEntries(fields))
    }
    expect(Object.values(grants).some((grant) => grant.edit)).toBe(name === 'Standard_User')
  })
  test('answers in any letter case and by id and prefix', () => {
    expect(catalog.object('cAsE')?.name).toBe('Case')
    expect(catalog.objectById('Case')?.name).toBe('Case')
    expect(catalog.objectByKeyPrefix('500')?.name).toBe('Case')
    expect(catalog.object('Case')?.field('priority')?.name).toBe('Priority')
    expect(catalog.object('Onboarding__c')?.parent('account__R')?.name).toBe('Account__c')
  })
  test('puts Id and the name first and the system fields last', () => {
    const names = catalog.object('Case')?.fields.map((f) => f.name) ?? []
    expect(names.slice(0, 2)).toEqual(['Id', 'CaseNumber'])
    expect(names.slice(-7)).toEqual([
      'OwnerId',
      'CreatedDate',
      'CreatedById',
      'LastModifiedDate',
      'LastModifiedById',
      'Version',
      'IsDeleted',
    ])
  })
  test('lists the milestones of tracked objects, and of no others', () => {
    const withMilestones = [...catalog.objects.values()].filter((o) => o.children.has('Milestones')).map((o) => o.name)
    expect(withMilestones.sort()).toEqual(['Case', 'Onboarding__c', 'WorkOrder'])
    expect(catalog.object('RecordMilestone')?.field('ParentId')?.reference).toMatchObject({
      polymorphic: true,
      any: false,
      to: expect.arrayContaining(['Case', 'WorkOrder', 'Onboarding__c']),
    })
  })
  test('lists tasks on every ordinary object', () => {
    expect(catalog.object('Account')?.children.get('Tasks')).toEqual({ name: 'Tasks', object: 'Task', field: 'WhatId' })
    expect(catalog.object('Milestone')?.children.has('Tasks')).toBe(false)
  })
  test('lets callers set only what is theirs', () => {
    const readOnly = (path: string) => {
      const [object = '', field = ''] = path.split('.')
      return catalog.object(object)?.field(field)?.readOnly
    }
    expect(
      ['Case.EntitlementId', 'Case.SlaStartDate', 'Case.BusinessHoursId', 'Case.OwnerId', 'Account.Name'].map(readOnly),
    ).toEqual([false, false, false, false, false])
    expect(
      ['Case.MilestoneStatus', 'Case.CaseNumber', 'Case.IsClosed', 'Case.Id', 'Case.Version', 'Case.ClosedDate'].map(
        readOnly,
      ),
    ).toEqual([true, true, true, true, true, true])
  })
  test('grants agents every field that an object has', () => {
    const agent = catalog.permissionSets.get('Support_Agent')
    for (const [name, { fields = {} }] of Object.entries(agent?.objects ?? {}))
      expect(Object.keys(fields).sort()).toEqual(
        catalog
          .object(name)
          ?.fields.map((f) => f.name)
          .sort(),
      )
  })
})
