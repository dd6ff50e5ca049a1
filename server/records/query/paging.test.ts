import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#database'
import { describeDatabases } from '#test/databases'
import type { Row, Value } from '#util'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { systemActor } from '../access/permissions.ts'
import type { ConnectionPart, ListQuery, Order, Where } from '../query-tree.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import type { QueryContext } from './run-values.ts'
import { createTables, fill, idOf, makeCatalog, row, USER } from './testing/world.ts'

const catalog = makeCatalog()
const context: QueryContext = { userId: USER, now: Date.UTC(2026, 2, 9), timeZone: 'UTC', cursorKey: 'secret' }
const select: ConnectionPart[] = [
  { key: 'edges', kind: 'edges', parts: [{ key: 'cursor', kind: 'cursor' }, { key: 'node', kind: 'node', select: [{ key: 'Id', kind: 'field', field: 'Id' }] }] },
  { key: 'pageInfo', kind: 'pageInfo', parts: (['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'] as const).map((kind) => ({ key: kind, kind })) },
] // prettier-ignore
const variable = (name: string) => ({ variable: name, path: [] })
const list = (orderBy: readonly Order[], where?: Where): ListQuery => ({
  kind: 'list', object: 'Ticket__c', orderBy, where, select,
  page: { first: variable('first'), after: variable('after'), last: variable('last'), before: variable('before') },
}) // prettier-ignore

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly Id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const ORDERS: readonly Order[][] = [
  [],
  [{ path: ['Score__c'], direction: 'asc', nulls: 'first' }],
  [{ path: ['Score__c'], direction: 'asc', nulls: 'last' }],
  [{ path: ['Score__c'], direction: 'desc', nulls: 'first' }],
  [{ path: ['Company__r', 'Name'], direction: 'desc', nulls: 'last' }, { path: ['Score__c'], direction: 'asc', nulls: 'last' }],
  [{ path: ['CreatedDate'], direction: 'desc', nulls: 'last' }],
  [{ path: ['Total__c'], direction: 'desc', nulls: 'first' }, { path: ['Owner', 'Name'], direction: 'asc', nulls: 'first' }],
] // prettier-ignore

const ticket = (n: number): Row =>
  row('Ticket__c', idOf('a03', n), {
    Score__c: n % 3 === 0 ? null : (n % 5) - 1.5,
    Company__c: n % 4 === 0 ? null : idOf('a02', (n % 2) + 1),
    Open__c: true,
    CreatedDate: `2026-03-0${(n % 3) + 1}T10:00:00.000Z`,
  })

describeDatabases('paging', (open) => {
  let database: Database
  beforeEach(async () => {
    database = await open()
    await createTables(database, catalog)
    const companies = [1, 2].map((n) => row('Company__c', idOf('a02', n), { Name: `C${n}` }))
    await fill(database, catalog, {
      User: [row('User', USER, {})],
      Company__c: companies,
      Ticket__c: Array.from({ length: 20 }, (_, i) => ticket(10 + i * 2)),
    })
  })

  const ask = async (
    query: ListQuery,
    variables: { readonly [name: string]: Value },
    who: QueryContext = context,
  ): Promise<Page> => {
    const authorized = authorize(query, systemActor('test'), catalog)
    if (!isAuthorized(authorized)) throw new Error(authorized[0]!.message)
    return JSON.parse(await runQuery(database, compileQuery(authorized, database.dialect), variables, who)) as Page
  }
  const ids = (page: Page): string[] => page.edges.map((edge) => edge.node.Id)

  describe.each(
    ORDERS.map(
      (order) =>
        [
          order.map((each) => `${each.path.join('.')} ${each.direction} nulls ${each.nulls}`).join(', ') || 'Id',
          order,
        ] as const,
    ),
  )('ordered by %s', (_name, order) => {
    test('pages forward and backward give every record once, in order, while others come in between', async () => {
      const query = list(order)
      const all = ids(await ask(query, { first: 100 }))
      expect(all).toHaveLength(20)
      for (const [size, cursor, end, more] of [
        ['first', 'after', 'endCursor', 'hasNextPage'],
        ['last', 'before', 'startCursor', 'hasPreviousPage'],
      ] as const) {
        const seen: string[][] = []
        let at: string | null = null
        for (let n = 0; n < 20; n++) {
          const page = await ask(query, { [size]: 3, [cursor]: at })
          seen.push(ids(page))
          at = page.pageInfo[end]
          await fill(database, catalog, { Ticket__c: [ticket((size === 'first' ? 100 : 200) + n)] })
          if (!page.pageInfo[more]) break
        }
        const joined = (size === 'first' ? seen : seen.toReversed()).flat()
        expect(new Set(joined).size).toBe(joined.length)
        expect(joined.filter((id) => all.includes(id))).toEqual(all)
      }
    })
  })

  test('between two cursors', async () => {
    const query = list([{ path: ['Score__c'], direction: 'desc', nulls: 'last' }])
    const page = await ask(query, { first: 10 })
    const inside = await ask(query, { after: page.edges[1]!.cursor, before: page.edges[6]!.cursor })
    expect(ids(inside)).toEqual(ids(page).slice(2, 6))
    expect(ids(await ask(query, { last: 2, after: page.edges[1]!.cursor, before: page.edges[6]!.cursor }))).toEqual(
      ids(page).slice(4, 6),
    )
  })

  test('an empty page has no cursors', async () => {
    const page = await ask(list([]), { first: 0 })
    expect(page).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  test('a cursor that was changed, or made for another order, user or key, is refused', async () => {
    const byScore = list([{ path: ['Score__c'], direction: 'asc', nulls: 'first' }])
    const { endCursor } = (await ask(byScore, { first: 2 })).pageInfo
    const forged = Buffer.from(endCursor!, 'base64url')
    forged[forged.length - 3] = forged[forged.length - 3]! ^ 1
    const refused = expect.objectContaining({ finding: expect.objectContaining({ code: 'BAD_CURSOR' }) }) as unknown
    await expect(ask(byScore, { after: forged.toString('base64url') })).rejects.toEqual(refused)
    await expect(ask(byScore, { after: 'x' })).rejects.toEqual(refused)
    await expect(ask(byScore, { after: 7 })).rejects.toEqual(refused)
    await expect(ask(list([]), { after: endCursor })).rejects.toEqual(refused)
    await expect(ask(byScore, { after: endCursor }, { ...context, userId: 'someone else' })).rejects.toEqual(refused)
    await expect(ask(byScore, { after: endCursor }, { ...context, cursorKey: 'other' })).rejects.toEqual(refused)
  })

  test('page sizes out of range, and both ends at once, are refused before anything runs', async () => {
    for (const variables of [{ first: -1 }, { first: 2001 }, { last: 1.5 }, { first: 'x' }, { first: 1, last: 1 }])
      await expect(ask(list([]), variables as { [name: string]: Value })).rejects.toEqual(
        expect.objectContaining({ finding: expect.objectContaining({ code: 'PAGE' }) }),
      )
  })
})
