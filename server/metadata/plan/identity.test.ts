import { describe, expect, test } from 'vitest'
import { planChange, type Catalog, type Change, type Document } from '../index.ts'
import { field, object, shippedCatalog } from '../test/shipped.ts'

const start = shippedCatalog()
/** Each organisation gives ids of its own. */
const organisation = (digit: string) => {
  let n = 0
  return { at: '2026-03-09T12:00:00.000Z', newId: () => digit.repeat(24) + String(++n).padStart(8, '0') }
}
type Options = ReturnType<typeof organisation>
const write = (document: Document, more: Partial<Change> = {}): Change => ({ kind: document.kind, name: document.name, document, ...more }) // prettier-ignore
const remove = (kind: Change['kind'], name: string): Change => ({ kind, name, document: null })
const apply = (catalog: Catalog, options: Options, ...changes: Change[]): Catalog => {
  const plan = planChange(catalog, changes, options)
  if (!plan.next) throw new Error(JSON.stringify(plan.findings))
  return plan.next
}
const stored = (catalog: Catalog, name: string, kind: Change['kind'] = 'Field') => catalog.documents.get(kind)!.get(name)! // prettier-ignore
const A = field('Case.A__c', 'Text', { label: 'It' })
const B = field('Case.B__c', 'Text', { label: 'It' })
const asked = (catalog: Catalog, options: Options, ...changes: Change[]) => {
  const { questions, findings, next } = planChange(catalog, changes, options)
  expect([findings.map((f) => f.code), next]).toEqual([questions.map(() => 'WHICH_DOCUMENT'), undefined])
  return questions.map(({ name, choices }) => [name, ...choices.map((choice) => choice.text)])
}
const done = (catalog: Catalog, options: Options, ...changes: Change[]) => {
  const { questions, findings, steps } = planChange(catalog, changes, options)
  expect([questions, findings]).toEqual([[], []])
  return steps.map((s) => `${s.action} ${s.name}`)
}

describe('a new document', () => {
  const mine = organisation('a')
  const one = apply(start, mine, write(object('Pet__c')), write(A))

  test('gets an id that no other organisation gives, and takes one along that it has', () => {
    expect([stored(one, 'Pet__c', 'Object').id, stored(one, 'Case.A__c').id]).toEqual(['a'.repeat(24) + '00000001', 'a'.repeat(24) + '00000002']) // prettier-ignore
    const yours = organisation('b')
    expect(stored(apply(start, yours, write(stored(one, 'Case.A__c'))), 'Case.A__c').id).toBe(stored(one, 'Case.A__c').id) // prettier-ignore
  })
  test('with an older id, which is a name, gets a new one: it says nothing elsewhere', () =>
    expect(stored(apply(start, mine, write({ ...A, id: 'Case.Other__c' })), 'Case.A__c').id).toMatch(/^a{24}\d{8}$/))
})

describe('a rename', () => {
  const [mine, yours] = [organisation('a'), organisation('b')]
  const one = apply(start, mine, write(A))
  const package1 = stored(one, 'Case.A__c')
  const renamed = stored(apply(one, mine, write(B, { renameFrom: 'Case.A__c' })), 'Case.B__c')

  test('is known elsewhere by its id, with or without the removal of the old name', () => {
    const two = apply(start, yours, write(package1))
    expect(done(two, yours, write(renamed))).toEqual(['renameField Case.B__c'])
    expect(done(two, yours, write(renamed), remove('Field', 'Case.A__c'))).toEqual(['renameField Case.B__c'])
  })
  test('is asked where a document without an id comes and another one goes', () => {
    const changes = [write(B), remove('Field', 'Case.A__c')]
    expect(asked(one, mine, ...changes)).toEqual([['Case.B__c', 'Case.A__c, renamed']])
    const { choices } = planChange(one, changes, mine).questions[0]!
    expect(done(one, mine, write(B, { sameAs: choices[0]!.id }), changes[1]!)).toEqual(['renameField Case.B__c'])
    expect(done(one, mine, write(B, { isNew: true }), changes[1]!)).toEqual(['addField Case.B__c', 'deleteField Case.A__c']) // prettier-ignore
    expect(done(one, mine, write(B, { renameFrom: 'Case.A__c' }), changes[1]!)).toEqual(['renameField Case.B__c'])
  })
  test('is not asked where nothing goes, what goes stands elsewhere, or both ids are known to be two things', () => {
    expect(done(one, mine, write(B))).toEqual(['addField Case.B__c'])
    const account = apply(one, mine, write(field('Account.A__c', 'Text')))
    expect(done(account, mine, write(B), remove('Field', 'Account.A__c'))).toEqual(['addField Case.B__c', 'deleteField Account.A__c']) // prettier-ignore
    const other = { ...B, id: yours.newId() }
    expect(done(one, mine, write(other), remove('Field', 'Case.A__c'))).toEqual(['addField Case.B__c', 'deleteField Case.A__c']) // prettier-ignore
  })
  test('by an id that is a name is asked: here it may be another thing’s', () => {
    const old = apply(start, { at: mine.at } as Options, write(A))
    expect(stored(old, 'Case.A__c').id).toBe('Case.A__c')
    expect(asked(old, mine, write({ ...B, id: 'Case.A__c' }))).toEqual([['Case.B__c', 'Case.A__c, renamed']])
    expect(done(old, mine, write({ ...A, id: 'Case.A__c', label: 'New' } as Document))).toEqual([
      'changeField Case.A__c',
    ])
  })
  test('of an object takes fields along that come under its new name', () => {
    const pets = apply(start, mine, write(object('Pet__c')), write(field('Pet__c.Age__c', 'Number')))
    const changes = [write({ ...object('Pet__c'), name: 'Animal__c' } as Document), write(field('Animal__c.Age__c', 'Number', { label: 'Years' })), remove('Object', 'Pet__c')] // prettier-ignore
    expect(asked(pets, mine, ...changes)).toEqual([['Animal__c', 'Pet__c, renamed']])
    const { choices } = planChange(pets, changes, mine).questions[0]!
    expect(done(pets, mine, { ...changes[0]!, sameAs: choices[0]!.id }, ...changes.slice(1))).toEqual(['renameObject Animal__c', 'renameField Animal__c.Age__c', 'changeField Animal__c.Age__c']) // prettier-ignore
  })
})

describe('the same name with another id', () => {
  const [mine, yours] = [organisation('a'), organisation('b')]
  const one = apply(start, mine, write(A))
  const theirs = { ...A, id: yours.newId(), label: 'Theirs' } as Document

  test('is asked once; that it is the same is remembered', () => {
    expect(asked(one, mine, write(theirs))).toEqual([['Case.A__c', 'The same as the present Case.A__c']])
    const same = apply(one, mine, write(theirs, { sameAs: stored(one, 'Case.A__c').id! }))
    expect(stored(same, 'Case.A__c')).toMatchObject({ id: stored(one, 'Case.A__c').id, otherIds: [theirs.id], label: 'Theirs' }) // prettier-ignore
    expect(done(same, mine, write(theirs))).toEqual([])
    expect(done(same, mine, write({ ...theirs, name: 'Case.B__c' }))).toEqual(['renameField Case.B__c'])
  })
  test('another one takes the name when the present one goes', () => {
    expect(planChange(one, [write(theirs, { isNew: true })], mine).findings).not.toEqual([])
    const two = apply(one, mine, remove('Field', 'Case.A__c'), write(theirs, { isNew: true }))
    expect([stored(two, 'Case.A__c').id, two.deleted.map((d) => d.id)]).toEqual([theirs.id, [stored(one, 'Case.A__c').id]]) // prettier-ignore
    expect(asked(one, mine, remove('Field', 'Case.A__c'), write(A))).toEqual([['Case.A__c', 'The same as the present Case.A__c']]) // prettier-ignore
  })
  test('a removed one comes back by an id of its own, and is asked for by one that is a name', () => {
    const gone = apply(one, mine, remove('Field', 'Case.A__c'))
    expect(done(gone, mine, write(gone.deleted[0]!))).toEqual(['restoreField Case.A__c'])
    expect(done(gone, mine, write(A))).toEqual(['addField Case.A__c'])
    const old = apply(start, { at: mine.at } as Options, write(A))
    const removed = apply(old, mine, remove('Field', 'Case.A__c'))
    expect(asked(removed, mine, write({ ...A, id: 'Case.A__c' }))).toEqual([['Case.A__c', 'The deleted Case.A__c, brought back with its data']]) // prettier-ignore
  })
  test('an answer that names nothing is refused', () =>
    expect(planChange(one, [write(B, { sameAs: 'nothing' })], mine).findings.map((f) => f.code)).toEqual([
      'UNKNOWN_ID',
    ]))
})
