import { describe, expect, test } from 'vitest'
import { compile } from '#formula'
import { compileCatalog, formulaScope } from './index.ts'
import { field, house, object, shippedCatalog } from './test/shipped.ts'

const scope = formulaScope(shippedCatalog(), 'Case')
const resolve = (path: string) => scope.resolve(path.split('.'))

describe('what a path means', () => {
  test.each([
    ['priority', 'Priority', 'Picklist', 0],
    ['account.tier__c', 'Account.Tier__c', 'Picklist', 1],
    ['Owner:User.Email', 'Owner:User.Email', 'Text', 1],
    ['owner:group.type', 'Owner:Group.Type', 'Picklist', 1],
    ['Contact.Account.Parent.Name', 'Contact.Account.Parent.Name', 'Text', 3],
    ['$user.isinternal', '$User.IsInternal', 'Boolean', 0],
    ['$Organization.TimeZone', '$Organization.TimeZone', 'Text', 0],
    ['Entitlement.Status', 'Entitlement.Status', 'Text', 1],
    ['AccountId', 'AccountId', 'Text', 0],
    ['CreatedDate', 'CreatedDate', 'DateTime', 0],
  ])('%s', (path, canonical, type, hops) => expect(resolve(path)).toMatchObject({ path: canonical, type, hops }))

  test.each([
    'Owner.Email',
    'Account:User.Name',
    'Owner:Account.Name',
    'Nobody.Name',
    'BillingAddress',
    'Account.BillingAddress',
    '$Profile.Name',
    'Account',
  ])('%s is nothing', (path) => expect(resolve(path)).toBeUndefined())
  test('eleven hops are too many', () => {
    expect(resolve(`${'Parent.'.repeat(10)}Subject`)).toMatchObject({ hops: 10 })
    expect(resolve(`${'Parent.'.repeat(11)}Subject`)).toBeUndefined()
  })
  test('a formula field is read under its prefix, and its own hops count', () => {
    expect(resolve('Entitlement.Status')).toMatchObject({ formulaPrefix: 'Entitlement.', formula: { type: 'Text' } })
    const deep = field('Pet__c.Deep__c', 'Formula', { formulaType: 'Text', formula: 'CreatedBy.Manager.Manager.Email' })
    const { catalog } = compileCatalog(
      house(object('Pet__c'), deep, field('Pet__c.Mother__c', 'Lookup', { referenceTo: ['Pet__c'] })),
      1,
    )
    const pets = formulaScope(catalog!, 'Pet__c')
    expect(pets.resolve(['Mother__r', 'Deep__c'])?.hops).toBe(4)
    expect(pets.resolve([...Array<string>(8).fill('Mother__r'), 'Deep__c'])).toBeUndefined()
  })
  test('a checkbox and a required system field are never blank, behind a lookup they may be', () => {
    expect(resolve('IsEscalated')?.nullable).toBe(false)
    expect(resolve('CreatedDate')?.nullable).toBe(false)
    expect(resolve('Account.CreatedDate')?.nullable).toBe(true)
  })
})

test('completion offers fields, parents, each object of a polymorphic parent, and globals', () => {
  const names = scope.complete([]).map((c) => c.name)
  expect(names).toEqual(expect.arrayContaining(['Priority', 'Account', 'Owner:User', 'Owner:Group', '$User']))
  expect(scope.complete(['Account']).map((c) => c.name)).toEqual(expect.arrayContaining(['Tier__c', 'Parent']))
  expect(scope.complete(['Account']).map((c) => c.name)).not.toContain('$User')
  expect(scope.complete(['Nobody'])).toEqual([])
})

test('every completion resolves', () => {
  for (const name of ['Case', 'RecordMilestone', 'Task']) {
    const s = formulaScope(shippedCatalog(), name)
    for (const c of s.complete([]))
      expect([
        c.name,
        c.type === 'Relationship' ? s.complete([c.name]).length > 0 : s.resolve([c.name]) !== undefined,
      ]).toEqual([c.name, true])
  }
})

test('a tracked record is reached through a milestone', () => {
  const { formula, findings } = compile('ISPICKVAL(Parent:Case.Status, "New")', {
    scope: formulaScope(shippedCatalog(), 'RecordMilestone'),
    returnType: 'Boolean',
  })
  expect(findings).toEqual([])
  expect(formula?.paths).toEqual(['Parent:Case.Status'])
})
