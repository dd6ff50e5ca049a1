import { expect, test } from 'vitest'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import type { ListRequest, Page } from '$lib/api/records.ts'
import { visibleRange } from './grid-geometry.ts'
import { nextCell } from './grid-keys.ts'
import { ListModel } from './list-model.svelte.ts'
import { listState, queryOf, toggleSort, writeSort } from './list-query.ts'

const field = (name: string, type = 'Text', more = {}) => ({
  name,
  label: name,
  type,
  sortable: true,
  origin: 'declared',
  ...more,
})
const account = { to: ['Account'], any: false, polymorphic: false, relationshipName: 'Account', masterDetail: false }
const object = {
  name: 'Case',
  nameField: 'CaseNumber',
  fields: [
    field('CaseNumber', 'AutoNumber'),
    field('Subject'),
    field('Priority'),
    field('AccountId', 'Lookup', { reference: account }),
    field('OwnerId'),
    field('CreatedDate', 'DateTime'),
  ],
  listViews: [
    { name: 'Case.All', label: 'All', columns: ['CaseNumber', 'Subject', 'Gone__c'] },
    {
      name: 'Case.OpenMine',
      label: 'Mine',
      columns: ['CaseNumber', 'AccountId'],
      filter: { Status: { eq: 'New' } },
      mine: true,
      sort: [{ field: 'Priority', direction: 'desc' }],
    },
  ],
} as unknown as ObjectDetail

test('a link restores the list: view, columns, sort, filters, search', () => {
  const url = new URLSearchParams('view=OpenMine&sort=AccountId,-Priority&filter=Priority~eq~High&q=pump')
  const state = listState(object, url)
  expect(state.columns.map((c) => c.name)).toEqual(['CaseNumber', 'AccountId'])
  expect(queryOf(object, state, 'me', () => true)).toEqual({
    object: 'Case',
    select: 'Name CaseNumber AccountId Account { Id Name }',
    where: {
      and: [
        { Status: { eq: 'New' } },
        { OwnerId: { eq: 'me' } },
        { Priority: { eq: 'High' } },
        { or: [{ CaseNumber: { contains: 'pump' } }] },
      ],
    },
    orderBy: [{ Account: { Name: 'ASC_NULLS_LAST' } }, { Priority: 'DESC_NULLS_LAST' }],
  })
})

test('a column that is gone is left out, an unknown view is the default one', () => {
  expect(listState(object, new URLSearchParams('view=All')).columns.map((c) => c.name)).toEqual([
    'CaseNumber',
    'Subject',
  ])
  expect(listState(object, new URLSearchParams('view=Nope')).view?.label).toBe('Mine')
})

test('a column sorts up, down, not at all; with Shift beside the others', () => {
  const clicks = (...steps: [string, boolean][]) =>
    writeSort(steps.reduce((sort, [name, add]) => toggleSort(sort, name, add), [] as ReturnType<typeof toggleSort>))
  expect(clicks(['A', false])).toBe('A')
  expect(clicks(['A', false], ['A', false])).toBe('-A')
  expect(clicks(['A', false], ['A', false], ['A', false])).toBe('')
  expect(clicks(['A', false], ['B', true], ['A', true])).toBe('-A,B')
  expect(clicks(['A', false], ['B', true], ['C', false])).toBe('C')
})

test('never more than 60 rows in the page, always those in sight', () => {
  for (const top of [0, 399, 40_000, 39_999_000]) {
    const { start, end } = visibleRange(top, 900, 40, 1_000_000)
    expect(end - start).toBeLessThanOrEqual(60)
    expect(start * 40).toBeLessThanOrEqual(top)
    expect(end * 40).toBeGreaterThanOrEqual(Math.min(top + 900, 40_000_000))
  }
  expect(visibleRange(0, 900, 40, 3)).toEqual({ start: 0, end: 3 })
})

test('keys move within the grid and stop at its edges', () => {
  const size = { rows: 10, columns: 4, page: 5 }
  const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, ...more })
  expect(nextCell(key('ArrowUp'), { row: 0, column: 2 }, size)).toEqual({ row: -1, column: 2 })
  expect(nextCell(key('ArrowUp'), { row: 0, column: 0 }, size)).toEqual({ row: -1, column: 1 })
  expect(nextCell(key('PageDown'), { row: 7, column: 1 }, size)).toEqual({ row: 9, column: 1 })
  expect(nextCell(key('End', { ctrlKey: true }), { row: 0, column: 0 }, size)).toEqual({ row: 9, column: 3 })
  expect(nextCell(key('x'), { row: 0, column: 0 }, size)).toBeUndefined()
})

const row = (n: number) => ({ Id: `500${String(n).padStart(15, '0')}`, Subject: `Case ${n}` })
const pages =
  (total: number, size = 3) =>
  async (request: ListRequest): Promise<Page> => {
    const from = Number(request.after ?? 0)
    const nodes = Array.from({ length: Math.min(size, total - from) }, (_, i) => row(from + i))
    return {
      nodes,
      pageInfo: { hasNextPage: from + size < total, endCursor: String(from + size) },
      ...(request.count ? { totalCount: total } : {}),
    }
  }
const question = { object: 'Case', select: 'Subject', where: undefined, orderBy: [] }

test('pages are joined as one scrolls, each row once', async () => {
  const model = new ListModel(pages(7))
  await model.load(question)
  expect([model.rows.length, model.total, model.hasMore]).toEqual([3, 7, true])
  await Promise.all([model.more(), model.more()])
  await model.more()
  expect(model.rows.map((r) => r['Subject'])).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `Case ${n}`))
  expect(model.hasMore).toBe(false)
})

test('the answer to an older question is dropped', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const model = new ListModel(async (request) => {
    if (request.select === 'old') await held
    return { nodes: [{ Id: request.select }], pageInfo: { hasNextPage: false, endCursor: null } }
  })
  const old = model.load({ ...question, select: 'old' })
  await model.load({ ...question, select: 'new' })
  release()
  await old
  expect(model.rows.map((r) => r.Id)).toEqual(['new'])
})

test('a question that was asked before is answered at once with what it was, then with what it is', async () => {
  const asked = { ...question, select: 'asked before' }
  await new ListModel(pages(1)).load(asked)
  const model = new ListModel(pages(2))
  const loading = model.load(asked)
  expect([model.rows.length, model.total, model.loading]).toEqual([1, 1, true])
  await loading
  expect([model.rows.length, model.total, model.loading]).toEqual([2, 2, false])
})

test('live changes: a row is replaced where it stands, one that is deleted or leaves goes, one that comes waits', async () => {
  const model = new ListModel(pages(4, 4))
  await model.load(question)
  model.select(row(1).Id, true)
  model.apply({ change: 'changed', id: row(0).Id, record: { ...row(0), Subject: 'Changed' } })
  model.apply({ change: 'deleted', id: row(1).Id })
  model.apply({ change: 'left', id: row(3).Id, record: row(3) })
  for (const n of [7, 8, 8, 9]) model.apply({ change: n === 7 ? 'created' : 'entered', id: row(n).Id, record: row(n) })
  model.apply({ change: 'left', id: row(9).Id, record: null })
  expect(model.rows.map((r) => r['Subject'])).toEqual(['Changed', 'Case 2'])
  expect([model.total, model.waiting, model.selected.size]).toEqual([2, 2, 0])
})

test('a failure says so and keeps the rows', async () => {
  let fail = false
  const model = new ListModel(async (request) => {
    if (fail) throw new Error('The server can’t be reached.')
    return pages(3)(request)
  })
  await model.load(question)
  fail = true
  await model.refresh()
  expect([model.error, model.rows.length, model.loading]).toEqual(['The server can’t be reached.', 3, false])
})
