import { describe, expect, test } from 'vitest'
import { compileCatalog, planChange, queryFindings, type Catalog, type Change, type Document, type ListViewDocument } from '../index.ts' // prettier-ignore
import { field, object, shippedCatalog, shippedDocuments } from '../test/shipped.ts'

const at = '2026-03-09T12:00:00.000Z'
const write = (document: Document, more: Partial<Change> = {}): Change => ({ kind: document.kind, name: document.name, document, ...more }) // prettier-ignore
const size = (...values: string[]): Document => field('Pet__c.Size__c', 'Picklist', { valueSet: { restricted: true, values: values.map((value) => ({ value })) } }) // prettier-ignore
const PETS: Document[] = [
  object('Pet__c'),
  field('Pet__c.Owner__c', 'Lookup', { referenceTo: ['Contact'], childRelationshipName: 'Pets__r' }),
  field('Pet__c.Keeper__c', 'Lookup', { referenceTo: ['Contact', 'Account'] }),
  field('Pet__c.Born__c', 'Date'),
  field('Pet__c.Age__c', 'Number', { precision: 3 }),
  field('Pet__c.Code__c', 'Text'),
  field('Pet__c.Weight__c', 'Number', { scale: 1 }),
  field('Pet__c.Notes__c', 'LongTextArea'),
  field('Pet__c.Tricks__c', 'MultiselectPicklist', { valueSet: { restricted: true, values: [{ value: 'Sit' }, { value: 'Roll' }] } }), // prettier-ignore
  field('Pet__c.Home__c', 'Geolocation'),
  field('Pet__c.Fed__c', 'DateTime'),
  field('Pet__c.Walk__c', 'Time'),
  field('Pet__c.Tame__c', 'Checkbox'),
  field('Pet__c.Late__c', 'Formula', { formulaType: 'Text', formula: 'SUBSTITUTE(Code__c, "a", TEXT(Weight__c / 3))' }),
  size('Small', 'Large'),
]
const start = shippedCatalog()
const pets = planChange(start, PETS.map((d) => write(d))).next! // prettier-ignore
const view = (more: Partial<ListViewDocument>): ListViewDocument => ({ kind: 'ListView', name: 'Pet__c.Some', label: 'Some', columns: ['Name'], ...more }) // prettier-ignore
const found = (catalog: Catalog, ...changes: Change[]) =>
  planChange(catalog, changes, { at }).findings.map(({ file, path, code, message }) => [file, path, code, message])
const FILE = 'objects/Pet__c/listViews/Some.json'
const filtered = (filter: ListViewDocument['filter']) => found(pets, write(view({ filter })))

describe('a list view is checked like a query', () => {
  test.each<[string, ListViewDocument['filter']]>([
    ['operators and values that fit', { Size__c: { in: ['Small', 'Large'] }, Age__c: { gte: 3, ne: null }, Born__c: { LAST_N_DAYS: 30 }, Fed__c: { relative: 'TODAY' } }],
    ['joins, one condition for a list of one', { or: [{ Tame__c: { eq: true } }, { not: { Code__c: { like: 'a%' } } }], and: { Walk__c: { lt: '17:30' } } }],
    ['parents, also by object, and lists', { Owner__r: { Email: { isNull: false } }, Keeper__r: { Account: { Name: { startsWith: 'A' } } } }],
    ['several values, places and blanks', { Tricks__c: { includes: ['Sit;Roll'] }, Home__c: { distance: { from: { latitude: 40.7, longitude: -74 }, km: 5 } }, Size__c: null, Code__c: { in: 'one' } }],
  ])('%s pass', (_what, filter) => expect(filtered(filter)).toEqual([])) // prettier-ignore

  test.each<[string, ListViewDocument['filter'], string, string, RegExp]>([
    ['an unknown operator', { Code__c: { equals: 'x' } }, 'filter.Code__c.equals', 'OPERATOR', /can't be compared with "equals"/],
    ['one that does not suit the type', { Tame__c: { contains: 'x' } }, 'filter.Tame__c.contains', 'OPERATOR', /can't be compared with "contains"/],
    ['a list operator that does not suit it', { Tricks__c: { eq: 'Sit' } }, 'filter.Tricks__c.eq', 'OPERATOR', /can't be compared with "eq"/],
    ['a value of another type', { Age__c: { gt: '5' } }, 'filter.Age__c.gt', 'BAD_FILTER', /^The value for Age__c \(gt\) is not a whole number.$/],
    ['a day that there is not', { Born__c: { eq: '2026-02-30' } }, 'filter.Born__c.eq', 'BAD_FILTER', /a date such as/],
    ['a list with a wrong member', { Age__c: { in: [1, 'two'] } }, 'filter.Age__c.in', 'BAD_FILTER', /^Not every value for Age__c \(in\) is a whole number.$/],
    ['null where only a value can stand', { Age__c: { lt: null } }, 'filter.Age__c.lt', 'BAD_FILTER', /can't be null/],
    ['a value the picklist does not have', { Size__c: { eq: 'Huge' } }, 'filter.Size__c.eq', 'BAD_FILTER', /"Huge" is not one of the values/],
    ['a period that there is not', { Fed__c: { relative: 'SOMEDAY' } }, 'filter.Fed__c.relative', 'BAD_FILTER', /one of TODAY/],
    ['a distance without a unit', { Home__c: { distance: { from: { latitude: 1, longitude: 2 } } } }, 'filter.Home__c.distance', 'BAD_FILTER', /"km": 10/],
    ['no operator', { Code__c: 'x' }, 'filter.Code__c', 'BAD_FILTER', /needs an object/],
    ['another letter case', { or: [{ code__c: { eq: 'x' } }] }, 'filter.or[0].code__c', 'BAD_FILTER', /is written Code__c/],
    ['an object that a reference does not lead to', { Keeper__r: { User: { Name: { eq: 'x' } } } }, 'filter.Keeper__r.User', 'BAD_FILTER', /leads to no object User/],
    ['a formula that is not SQL’s', { Late__c: { eq: 'x' } }, 'filter.Late__c.eq', 'FORMULA_NOT_IN_SQL', /can't be filtered by Late__c/],
  ])('%s is refused at its place', (_what, filter, path, code, message) =>
    expect(filtered(filter)).toEqual([[FILE, path, code, expect.stringMatching(message)]])) // prettier-ignore

  test('words of a list of children, and how much there may be', () => {
    const contacts = (filter: ListViewDocument['filter']) => found(pets, write({ ...view({ filter }), name: 'Contact.Some' })) // prettier-ignore
    expect(contacts({ Pets__r: { some: { Age__c: { gt: 1 } } } })).toEqual([])
    expect(contacts({ Pets__r: { any: {} } })).toEqual([['objects/Contact/listViews/Some.json', 'filter.Pets__r.any', 'BAD_FILTER', 'There is no any of a list.']]) // prettier-ignore
    const many = { or: Array.from({ length: 501 }, () => ({ Code__c: { eq: 'x' } })) }
    expect(filtered(many).map(([, , code]) => code)).toEqual(['TOO_COMPLEX'])
    const deep = Array.from({ length: 31 }).reduce<object>((not) => ({ not }), { Code__c: { eq: 'x' } })
    expect(filtered(deep as ListViewDocument['filter']).map(([, , code]) => code)).toEqual(['TOO_COMPLEX'])
  })

  test('a sort on a field that records can’t be sorted by, in a related list too', () => {
    const sort = [
      { field: 'Name', direction: 'asc' },
      { field: 'Notes__c', direction: 'desc' },
    ] as const
    expect(found(pets, write(view({ sort })))).toEqual([[FILE, 'sort[1].field', 'NOT_SORTABLE', "Records can't be sorted by Notes__c."]]) // prettier-ignore
    const layout = (by: string): Document => ({ kind: 'Layout', name: 'Contact.Pets', label: 'Pets', sections: [], relatedLists: [{ relationship: 'Pets__r', fields: ['Name'], sort: by }] }) // prettier-ignore
    expect(found(pets, write(layout('-Born__c')))).toEqual([])
    expect(found(pets, write(layout('-Tricks__c')))).toEqual([['objects/Contact/layouts/Pets.json', 'relatedLists[0].sort', 'NOT_SORTABLE', "Records can't be sorted by Tricks__c."]]) // prettier-ignore
  })
})

describe('a change of a field looks at the list views that name it', () => {
  const views = planChange(pets, [write(view({ filter: { Size__c: { in: ['Large'] }, Age__c: { gt: 5 } }, sort: [{ field: 'Code__c', direction: 'asc' }] }))]).next! // prettier-ignore

  test('another type, and a picklist value that goes, are refused where the view needs them', () => {
    expect(found(views, write(field('Pet__c.Age__c', 'Text')))).toEqual([[FILE, 'filter.Age__c.gt', 'BAD_FILTER', 'The value for Age__c (gt) is not a text.']]) // prettier-ignore
    expect(found(views, write(field('Pet__c.Code__c', 'LongTextArea')))).toEqual([[FILE, 'sort[0].field', 'NOT_SORTABLE', "Records can't be sorted by Code__c."]]) // prettier-ignore
    expect(found(views, write(size('Small')))).toEqual([[FILE, 'filter.Size__c.in', 'BAD_FILTER', '"Large" is not one of the values of Size__c.']]) // prettier-ignore
    expect(planChange(views, [write(size('Small'))]).findings[0]?.hint).toMatch(/or in the same plan/)
    expect(found(views, write(size('Small')), write(view({ filter: { Size__c: { eq: 'Small' } } })))).toEqual([])
    expect(found(views, write(size('Large', 'Huge')))).toEqual([])
  })

  test('a rename is followed, also of the object that a reference to several leads to; its deletion is refused with its place', () => {
    const more = planChange(pets, [object('Vet__c'), field('Pet__c.Seen__c', 'Lookup', { referenceTo: ['Vet__c', 'Account'] }), view({ filter: { Seen__r: { Vet__c: { Name: { eq: 'x' } } } } })].map((d) => write(d))).next! // prettier-ignore
    const renamed = planChange(more, [write(object('Doctor__c'), { renameFrom: 'Vet__c' }), write(field('Pet__c.Seen__c', 'Lookup', { referenceTo: ['Doctor__c', 'Account'] }))]) // prettier-ignore
    expect(renamed.findings).toEqual([])
    expect(renamed.next?.documents.get('ListView')?.get('Pet__c.Some')).toMatchObject({ filter: { Seen__r: { Doctor__c: { Name: { eq: 'x' } } } } }) // prettier-ignore
    const gone = planChange(more, [{ kind: 'Object', name: 'Vet__c', document: null }, write(field('Pet__c.Seen__c', 'Lookup', { referenceTo: ['Account'] }))], { at }) // prettier-ignore
    expect(gone.findings.map((f) => f.message).join()).toMatch(/ListView Pet__c.Some \(filter.Seen__r.Vet__c\)/)
  })
})

test('a stored view that no query takes still loads, is named, and stops no other change', () => {
  const broken = view({ filter: { Age__c: { contains: '5' } } })
  const stored = [...shippedDocuments, ...PETS, broken]
  const { catalog } = compileCatalog(stored, 1)
  expect(queryFindings(catalog!).map(({ file, path }) => [file, path])).toEqual([[FILE, 'filter.Age__c.contains']])
  expect(found(catalog!, write(field('Pet__c.New__c', 'Text')))).toEqual([])
  expect(found(catalog!, write({ ...broken, label: 'Other' }))).toHaveLength(1)
  expect(found(catalog!, write(view({ filter: { Age__c: { eq: 5 } } })))).toEqual([])
})

test('no shipped document asks what a query refuses', () => expect(queryFindings(start)).toEqual([]))
