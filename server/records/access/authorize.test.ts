import { describe, expect, test } from 'vitest'
import type { ObjectPermission, PermissionSetDocument } from '#metadata'
import type { ListQuery, Query, Selected, Where } from '../query-tree.ts'
import { makeCatalog } from '../query/testing/world.ts'
import { authorize, isAuthorized } from './authorize.ts'
import { compilePermissions, systemActor } from './permissions.ts'

const catalog = makeCatalog()
const set = (objects: { readonly [object: string]: ObjectPermission }, extra: Partial<PermissionSetDocument> = {}): PermissionSetDocument => ({
  kind: 'PermissionSet', name: 'Set', label: 'Set', objects, ...extra,
}) // prettier-ignore
const read = (...names: string[]): ObjectPermission => ({
  read: true,
  fields: Object.fromEntries(names.map((name) => [name, 'read' as const])),
})

const agent = {
  permissions: compilePermissions(
    [set({ Ticket__c: read('Priority__c', 'Company__c', 'Parent__c'), Company__c: read('Tier__c') })],
    catalog,
  ),
}

const field = (name: string): Selected => ({ key: name, kind: 'field', field: name })
const compare = (name: string): Where => ({
  kind: 'compare',
  field: name,
  operator: 'isNull',
  value: { constant: true },
})
const list = (query: Partial<ListQuery>): ListQuery => ({
  kind: 'list',
  object: 'Ticket__c',
  orderBy: [],
  page: {},
  select: [{ key: 'nodes', kind: 'nodes', select: [field('Id')] }],
  ...query,
})
const nodes = (...select: Selected[]): ListQuery => list({ select: [{ key: 'nodes', kind: 'nodes', select }] })
const company = (...select: Selected[]): Selected => ({
  key: 'c',
  kind: 'parent',
  relationship: 'Company__r',
  types: [{ object: 'Company__c', select }],
})
const below = (query: Partial<ListQuery>): Selected => ({
  key: 'b',
  kind: 'children',
  relationship: 'Subtickets__r',
  query: list(query),
})
const aggregate = (query: Partial<Extract<Query, { kind: 'aggregate' }>>): Query => ({
  kind: 'aggregate',
  object: 'Ticket__c',
  groupBy: [],
  select: [{ key: 'count', kind: 'count' }],
  ...query,
})
const ascending = { direction: 'asc', nulls: 'last' } as const

/** Every place a field name can stand in; `Amount__c` and `Count__c` are hidden on Ticket__c, `Revenue__c` on Company__c. */
const TICKET_PLACES: { readonly [place: string]: (name: string) => Query } = {
  selection: (name) => nodes(field(name)),
  display: (name) => nodes({ key: 'display', kind: 'display', parts: [{ key: 'x', field: name }] }),
  'an edge’s node': (name) =>
    list({ select: [{ key: 'edges', kind: 'edges', parts: [{ key: 'node', kind: 'node', select: [field(name)] }] }] }),
  'a record': (name) => ({ kind: 'record', object: 'Ticket__c', id: { constant: 'x' }, select: [field(name)] }),
  where: (name) => list({ where: compare(name) }),
  'where under not and or': (name) =>
    list({ where: { kind: 'not', of: { kind: 'or', of: [compare('Priority__c'), compare(name)] } } }),
  'where some children': (name) =>
    list({ where: { kind: 'children', relationship: 'Subtickets__r', quantifier: 'some', where: compare(name) } }),
  'where no children': (name) =>
    list({ where: { kind: 'children', relationship: 'Subtickets__r', quantifier: 'none', where: compare(name) } }),
  orderBy: (name) => list({ orderBy: [{ path: [name], ...ascending }] }),
  'a child list': (name) => nodes(below({ select: [{ key: 'nodes', kind: 'nodes', select: [field(name)] }] })),
  'a child list’s where': (name) => nodes(below({ where: compare(name) })),
  'a child list’s order': (name) => nodes(below({ orderBy: [{ path: [name], ...ascending }] })),
  groupBy: (name) => aggregate({ groupBy: [{ path: [name] }] }),
  'an aggregate’s where': (name) => aggregate({ where: compare(name) }),
  sum: (name) => aggregate({ select: [{ key: 's', kind: 'sum', parts: [{ key: 'x', field: name }] }] }),
  having: (name) => aggregate({ having: { kind: 'not', of: { kind: 'compare', measure: 'max', field: name, operator: 'isNull', value: { constant: true } } } }), // prettier-ignore
  max: (name) => aggregate({ select: [{ key: 's', kind: 'max', parts: [{ key: 'x', field: name }] }] }),
  percentile: (name) => aggregate({ select: [{ key: 'p', kind: 'percentile', field: name, p: { constant: 0.5 } }] }),
}
const COMPANY_PLACES: { readonly [place: string]: (name: string) => Query } = {
  'a parent’s selection': (name) => nodes(company(field(name))),
  'a parent in where': (name) => list({ where: { kind: 'parent', relationship: 'Company__r', where: compare(name) } }),
  'a parent in orderBy': (name) => list({ orderBy: [{ path: ['Company__r', name], ...ascending }] }),
  'a parent in groupBy': (name) => aggregate({ groupBy: [{ path: ['Company__r', name] }] }),
}

describe('a field that may not be read is refused in the words of one that does not exist', () => {
  const refused = (query: Query): string[] => {
    const result = authorize(query, agent, catalog)
    return isAuthorized(result)
      ? []
      : result.map((finding) => `${finding.code} ${finding.message} ${finding.hint ?? ''}`)
  }
  test.each(Object.entries(TICKET_PLACES))('%s', (_place, query) => {
    expect(refused(query('Amount__c'))).toEqual(['UNKNOWN_FIELD No field Amount__c on Ticket__c. '])
    expect(refused(query('Nope__c'))).toEqual(['UNKNOWN_FIELD No field Nope__c on Ticket__c. '])
  })
  test.each(Object.entries(COMPANY_PLACES))('%s', (_place, query) => {
    expect(refused(query('Revenue__c'))).toEqual(['UNKNOWN_FIELD No field Revenue__c on Company__c. '])
    expect(refused(query('Nope__c'))).toEqual(['UNKNOWN_FIELD No field Nope__c on Company__c. '])
  })
  test('a hidden reference hides the parent and the children on its other side', () => {
    const blind = {
      permissions: compilePermissions([set({ Ticket__c: read(), Company__c: read('Tier__c') })], catalog),
    }
    const say = (query: Query): unknown => authorize(query, blind, catalog)
    expect(say(nodes(company(field('Name'))))).toEqual([
      { code: 'UNKNOWN_FIELD', severity: 'error', message: 'No field Company__r on Ticket__c.' },
    ])
    expect(say(nodes(below({})))).toEqual([
      { code: 'UNKNOWN_FIELD', severity: 'error', message: 'No field Subtickets__r on Ticket__c.' },
    ])
    expect(
      say(
        list({
          where: {
            kind: 'children',
            relationship: 'Subtickets__r',
            quantifier: 'none',
            where: { kind: 'and', of: [] },
          },
        }),
      ),
    ).toHaveLength(1)
  })
  test('a hidden object is an unknown object', () => {
    expect(refused({ ...list({}), object: 'Note__c' })).toEqual(['UNKNOWN_OBJECT No object Note__c. '])
    expect(refused({ ...list({}), object: 'Nope__c' })).toEqual(['UNKNOWN_OBJECT No object Nope__c. '])
    expect(
      refused(
        nodes({ key: 'n', kind: 'children', relationship: 'Notes__r', query: { ...list({}), object: 'Note__c' } }),
      ),
    ).toEqual(['UNKNOWN_FIELD No field Notes__r on Ticket__c. '])
  })
  test('another letter case and names of JavaScript’s own objects are unknown too', () => {
    for (const name of ['priority__c', '__proto__', 'constructor', 'toString', ''])
      expect(refused(nodes(field(name)))).toHaveLength(1)
    for (const name of ['ticket__c', '__proto__', 'constructor'])
      expect(refused({ ...list({}), object: name })).toHaveLength(1)
  })
  test('nothing forbidden, nothing refused', () => {
    expect(refused(nodes(field('Priority__c'), company(field('Tier__c'))))).toEqual([])
  })
})

describe('permissions', () => {
  const object = (name: string, ...sets: PermissionSetDocument[]) => compilePermissions(sets, catalog).object(name)

  test('sets add up, and one denial wins over every grant, also over modifyAll', () => {
    const all = set({}, { modifyAll: true })
    const deny = set({ Ticket__c: { fields: { Amount__c: 'none' } } })
    expect(
      object(
        'Ticket__c',
        set({ Ticket__c: read('Amount__c') }),
        set({ Ticket__c: { edit: true, fields: { Count__c: 'edit' } } }),
      ).canEdit('Count__c'),
    ).toBe(true)
    expect(object('Ticket__c', set({ Ticket__c: read('Amount__c') }), deny).canRead('Amount__c')).toBe(false)
    expect(object('Ticket__c', all, deny).canRead('Amount__c')).toBe(false)
    expect(object('Ticket__c', all).canEdit('Amount__c')).toBe(true)
  })
  test('without a grant there is nothing, and a field without one can’t be read', () => {
    expect(object('Ticket__c').read).toBe(false)
    expect(object('Ticket__c').canRead('Id')).toBe(false)
    expect(object('Nope__c', set({}, { modifyAll: true })).read).toBe(false)
    expect(object('Ticket__c', set({ Ticket__c: { read: true } })).canRead('Amount__c')).toBe(false)
    expect(object('Ticket__c', set({ Ticket__c: { read: true } })).canRead('Name')).toBe(true)
  })
  test('viewAll reads everything and edits nothing', () => {
    const viewer = object('Ticket__c', set({}, { viewAll: true }))
    expect([
      viewer.read,
      viewer.canRead('Amount__c'),
      viewer.edit,
      viewer.create,
      viewer.delete,
      viewer.canEdit('Amount__c'),
    ]).toEqual([true, true, false, false, false, false])
  })
  test('a detail needs its master’s object; what the platform writes about a record needs only that record’s', () => {
    expect(object('Note__c', set({ Note__c: read() })).read).toBe(false)
    expect(object('Note__c', set({ Note__c: read(), Ticket__c: read() })).read).toBe(true)
    expect(object('Beat', set({ Company__c: read() })).canRead('Kind')).toBe(true)
    expect(object('Beat', set({ Region__c: read() })).read).toBe(false)
    expect(object('Beat', set({ Company__c: read() })).edit).toBe(false)
  })
  test('the same sets are compiled once and have one key; other sets another', () => {
    const sets = [set({ Ticket__c: read() }), set({ Company__c: read() })]
    expect(compilePermissions(sets, catalog)).toBe(compilePermissions(sets.toReversed(), catalog))
    expect(compilePermissions(sets.slice(1), catalog).key).not.toBe(compilePermissions(sets, catalog).key)
  })
  test('system work is let through and says why', () => {
    expect(systemActor('nightly clean-up').system).toBe('nightly clean-up')
    expect(isAuthorized(authorize(nodes(field('Amount__c')), systemActor('test'), catalog))).toBe(true)
  })
})

test('operators that do not fit the field, and what can’t be sorted or summed, are named with what fits', () => {
  const messages = (query: Query): string[] => {
    const result = authorize(query, systemActor('test'), catalog)
    return isAuthorized(result) ? [] : result.map((finding) => finding.message)
  }
  expect(
    messages(list({ where: { kind: 'compare', field: 'Open__c', operator: 'contains', value: { constant: 'x' } } })),
  ).toEqual(['Open__c can\'t be compared with "contains".'])
  expect(messages(list({ orderBy: [{ path: ['Tags__c'], ...ascending }] }))).toEqual([
    "Records can't be sorted by Tags__c.",
  ])
  expect(
    messages(aggregate({ select: [{ key: 's', kind: 'sum', parts: [{ key: 'x', field: 'Subject__c' }] }] })),
  ).toEqual(["The sum of Subject__c can't be computed."])
})

test('a filter with too many conditions, or nested too deep, is refused and does not overflow', () => {
  const codes = (where: Where): string[] => {
    const result = authorize(list({ where }), systemActor('test'), catalog)
    return isAuthorized(result) ? [] : result.map((finding) => finding.code)
  }
  const deep = (levels: number): Where =>
    Array.from({ length: levels }).reduce<Where>((of) => ({ kind: 'not', of }), compare('Name'))
  expect(codes({ kind: 'or', of: Array.from({ length: 499 }, () => compare('Name')) })).toEqual([])
  expect(codes({ kind: 'or', of: Array.from({ length: 501 }, () => compare('Name')) })).toEqual(['TOO_COMPLEX'])
  expect(codes(deep(30))).toEqual([])
  expect(codes(deep(5000))).toEqual(['TOO_COMPLEX'])
})
