import { describe, expect, test } from 'vitest'
import { compile } from '#formula'
import { compileCatalog, fieldsOn, formulaScope, planChange, whereUsed } from './index.ts'
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
    ['$profile.name', '$User.Profile.Name', 'Text', 1],
    ['$UserRole.Name', '$User.Role.Name', 'Text', 1],
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
    'Account',
  ])('%s is nothing', (path) => expect(resolve(path)).toBeUndefined())
  test.each([
    ['Priority', ['Case.Priority']],
    ['account.tier__c', ['Case.AccountId', 'Account.Tier__c']],
    ['Owner:User.Email', ['Case.OwnerId', 'User.Email']],
    ['$User.Profile.Name', ['User.ProfileId', 'Profile.Name']],
    ['$Setup.Support_Settings__c.Nope', ['?']],
    ['$Milestone.TargetDate', ['RecordMilestone.TargetDate']],
    ['$ObjectType.Account.Fields.Name', ['Account.Name']],
    ['$Label.Support_Signature', []],
    ['$System.OriginDateTime', []],
    ['Nobody.Name', ['?', '?']],
    ['Account.Nope', ['Case.AccountId', '?']],
  ])('%s reads these fields', (path, fields) =>
    expect(fieldsOn(shippedCatalog(), 'Case', path).map((on) => on?.field.id ?? '?')).toEqual(fields),
  )
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

describe('what begins with $', () => {
  const documents = house(
    object('Limits__c', { customSettingsType: 'Hierarchy' }),
    field('Limits__c.Max__c', 'Number'),
    object('Codes__c', { customSettingsType: 'List' }),
    field('Codes__c.Text__c', 'Text'),
    { kind: 'CustomLabel', name: 'Greeting', value: 'Hello' },
    field('Account.Greeting__c', 'Formula', { formulaType: 'Text', formula: '$Label.greeting & " " & Name' }),
    field('Account.Over__c', 'Formula', {
      formulaType: 'Checkbox',
      formula: 'AND($Setup.limits__c.Max__c > 3, $Profile.Name = "x")',
    }),
    { kind: 'ValidationRule', name: 'Account.Code', errorConditionFormula: 'VLOOKUP($ObjectType.Codes__c.Fields.Text__c, $ObjectType.Codes__c.Fields.Name, Name) = "no"', errorMessage: 'No.' }, // prettier-ignore
  )
  const { catalog, findings } = compileCatalog(documents, 1)
  const why = (formula: string) => compile(formula, { scope: formulaScope(catalog!, 'Case') }).findings[0]?.message

  test('labels are compiled in, settings and profiles are read', () => {
    expect(findings).toEqual([])
    const account = catalog!.object('Account')!
    expect(account.field('Greeting__c')!.formula!.evaluate({ record: { Name: 'Acme' }, now: 0 })).toEqual({
      ok: true,
      value: 'Hello Acme',
    })
    expect(account.field('Over__c')!.formula!.paths).toEqual(['$Setup.Limits__c.Max__c', '$User.Profile.Name'])
    expect(catalog!.object('Limits__c')!.field('SetupOwnerId')).toMatchObject({ required: true, unique: true })
    expect(catalog!.object('Codes__c')!.field('SetupOwnerId')).toBeUndefined()
    expect(catalog!.object('Codes__c')!.setup).toBe(true)
  })
  test.each([
    ['$Label.Greting', 'There is no custom label Greting. Did you mean Greeting?'],
    ['$Label.', 'Write $Label.Name, with the API name of a custom label.'],
    ['$Setup.Limit__c.Max__c', 'There is no custom setting Limit__c. Did you mean Limits__c?'],
    ['$Setup.Limits__c.Mx__c', 'No field Mx__c on Limits__c. Did you mean Max__c?'],
    ['$Setup.Codes__c.Text__c', 'Codes__c is a list of settings; $Setup reads hierarchies. Use VLOOKUP.'],
    ['$Setup.Account.Name', 'Account holds no custom settings. $Setup reads objects whose customSettingsType is Hierarchy.'],
    ['$Setup.Limits__c.Owner:User.Name', 'A field of a custom setting has no parent to follow. Write $Setup.Settings__c.Field__c.'],
    ['$Permission.Boss', 'There are no custom permissions here. Ask for the profile or the role: $Profile.Name, $UserRole.Name.'],
    ['$Profil.Name', 'There is no $Profil here. Did you mean $Profile?'],
    ['$System.OriginDateTim', 'No field OriginDateTim on $System. Did you mean OriginDateTime?'],
    ['$ObjectType.Account.Name', 'Write $ObjectType.Object.Fields.Field, for example $ObjectType.Account.Fields.Name.'],
  ])('%s is refused in words', (formula, message) => expect(why(formula)).toBe(message)) // prettier-ignore

  test('completion leads to each of them', () => {
    const s = formulaScope(catalog!, 'Case')
    const offered = (...prefix: string[]) => s.complete(prefix).map((c) => c.name)
    expect(offered()).toEqual(expect.arrayContaining(['$Profile', '$UserRole', '$Label', '$Setup', '$System', '$ObjectType'])) // prettier-ignore
    expect(offered('$label')).toEqual(['Greeting'])
    expect(offered('$Setup')).toEqual(['Limits__c'])
    expect(offered('$Setup', 'Limits__c')).toEqual(expect.arrayContaining(['Max__c', 'SetupOwnerId']))
    expect(offered('$Setup', 'Limits__c')).not.toContain('Owner:User')
    expect(offered('$System')).toEqual(['OriginDateTime'])
    expect(offered('$ObjectType')).toContain('Codes__c')
    expect(offered('$ObjectType', 'Codes__c')).toEqual(['Fields'])
    expect(offered('$ObjectType', 'Codes__c', 'Fields')).toContain('Text__c')
  })
  test('they are found where they are used, followed when renamed, and kept while they are used', () => {
    expect(whereUsed(catalog!, 'CustomLabel', 'Greeting').map((u) => u.name)).toEqual(['Account.Greeting__c'])
    expect(whereUsed(catalog!, 'Field', 'Limits__c.Max__c').map((u) => u.name)).toEqual(['Account.Over__c'])
    expect(whereUsed(catalog!, 'Field', 'Codes__c.Text__c').map((u) => u.name)).toEqual(['Account.Code'])
    const rename = (kind: 'CustomLabel' | 'Object' | 'Field', name: string, to: string) => {
      const document = { ...catalog!.documents.get(kind)!.get(name)!, name: to }
      const { next, findings: wrong } = planChange(catalog!, [{ kind, name: to, document, renameFrom: name }])
      expect(wrong).toEqual([])
      return (kind2: 'Field' | 'ValidationRule', n: string) => next!.documents.get(kind2)!.get(n) as never as { [k: string]: string } // prettier-ignore
    }
    expect(rename('CustomLabel', 'Greeting', 'Salute')('Field', 'Account.Greeting__c').formula).toBe('$Label.Salute & " " & Name') // prettier-ignore
    expect(rename('Object', 'Limits__c', 'Caps__c')('Field', 'Account.Over__c').formula).toBe('AND($Setup.Caps__c.Max__c > 3, $Profile.Name = "x")') // prettier-ignore
    expect(rename('Field', 'Codes__c.Text__c', 'Codes__c.Said__c')('ValidationRule', 'Account.Code').errorConditionFormula).toContain('$ObjectType.Codes__c.Fields.Said__c, $ObjectType.Codes__c.Fields.Name') // prettier-ignore
    const { findings: refused } = planChange(catalog!, [{ kind: 'CustomLabel', name: 'Greeting', document: null }], { at: '2026-03-09T00:00:00Z' }) // prettier-ignore
    expect(refused.map((f) => f.code)).toEqual(['IN_USE'])
  })
})

describe('the milestone that fired', () => {
  const catalog = shippedCatalog()
  const fired = formulaScope(catalog, 'Case', undefined, true)
  test('is read in actions and templates, its parents too', () => {
    const found = (path: string) => fired.resolve(path.split('.'))
    expect(found('$milestone.targetdate')).toMatchObject({ path: '$Milestone.TargetDate', type: 'DateTime' })
    expect(found('$Milestone.PromiseOwner:User.Email')).toMatchObject({ path: '$Milestone.PromiseOwner:User.Email' })
    expect(fired.complete([]).map((c) => c.name)).toContain('$Milestone')
    expect(fired.complete(['$Milestone']).map((c) => c.name)).toEqual(expect.arrayContaining(['Name', 'TargetDate', 'Status', 'BusinessHours'])) // prettier-ignore
    expect(compile('$Milestone.Targt', { scope: fired }).findings[0]?.message).toMatch(/no field Targt/i)
  })
  test('elsewhere it is refused in words, offered nowhere, and no field of a record that is made', () => {
    const words = '$Milestone is the milestone that an action acts for. It can be read in actions and e-mail templates, and nowhere else.' // prettier-ignore
    expect(compile('$Milestone.Name', { scope }).findings.map((f) => f.message)).toEqual([words])
    expect(scope.complete([]).map((c) => c.name)).not.toContain('$Milestone')
    expect(scope.complete(['$Milestone'])).toEqual([])
    const action = { kind: 'Action', label: 'A', object: 'Case', name: 'A' } as const
    const found = (document: Parameters<typeof house>[0]) => compileCatalog(house(document), 1).findings.map((f) => f.message) // prettier-ignore
    expect(found({ ...action, type: 'CreateRecord', create: 'Case', values: { '$Milestone.Name': '"x"' } })).toContain(words) // prettier-ignore
    expect(found({ ...action, type: 'Task', subject: '{!$Milestone.Name}', values: { Description: 'TEXT($Milestone.Status)' } })).toEqual([]) // prettier-ignore
    expect(found({ ...action, type: 'Task', subject: '{!$Milestone.Nme}' })).toEqual([expect.stringMatching(/Did you mean Name/)]) // prettier-ignore
    expect(found({ ...action, type: 'OutboundMessage', url: 'https://example.com', fields: ['$Milestone.TargetDate'] })).toEqual([]) // prettier-ignore
    expect(found({ kind: 'ValidationRule', name: 'Case.R', errorConditionFormula: 'ISBLANK($Milestone.Name)', errorMessage: 'No.' })).toEqual([words]) // prettier-ignore
  })
  test('a field of it is followed when renamed, and kept while it is used', () => {
    const note = field('RecordMilestone.Note__c', 'Text')
    const template = { kind: 'EmailTemplate', name: 'T', object: 'Case', subject: '{!$Milestone.Note__c}', body: '{!$Milestone.Name}' } as const // prettier-ignore
    const { catalog: with_, findings } = compileCatalog(house(note, template), 1)
    expect(findings).toEqual([])
    expect(whereUsed(with_!, 'Field', note.name).map((u) => u.name)).toEqual(['T'])
    const renamed = { ...with_!.documents.get('Field')!.get(note.name)!, name: 'RecordMilestone.Remark__c' }
    const { next } = planChange(with_!, [{ kind: 'Field', name: renamed.name, document: renamed, renameFrom: note.name }]) // prettier-ignore
    expect(next!.documents.get('EmailTemplate')!.get('T')).toMatchObject({ subject: '{!$Milestone.Remark__c}' })
  })
})

describe('where functions may stand', () => {
  const wrong = (...documents: Parameters<typeof house>) =>
    compileCatalog(house(...documents), 1).findings.map((f) => f.message)
  test('VLOOKUP not in a formula field', () =>
    expect(
      wrong(field('Case.Found__c', 'Formula', { formulaType: 'Text', formula: 'VLOOKUP($ObjectType.Account.Fields.Phone, $ObjectType.Account.Fields.Name, Subject)' })), // prettier-ignore
    ).toEqual([expect.stringContaining('VLOOKUP searches other records')]))
  test.each([
    ['ISPICKVAL(Priority, "High")', []],
    ['Account.Name = "x"', [expect.stringContaining('Account.Name may change without a save of the child')]],
    ['CreatedDate > NOW()', [expect.stringContaining('another one later')]],
    ['REGEX(Subject, "a+")', [expect.stringContaining("can't do this")]],
  ])('a roll-up’s filter %s', (filter, findings) =>
    expect(
      wrong(field('Account.Cases__c', 'RollupSummary', { rollup: { object: 'Case', through: 'AccountId', operation: 'count', filter } })), // prettier-ignore
    ).toEqual(findings),
  )
})
