import { beforeAll, expect, test } from 'vitest'
import type { Database } from '#database'
import { describeDatabases } from '#test/databases'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { systemActor } from '../access/permissions.ts'
import type { Operator } from '#metadata'
import type { Value } from '#util'
import type { ListQuery, Query, Where } from '../query-tree.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import type { QueryContext, Variables } from './run-values.ts'
import { createTables, fill, idOf, makeCatalog, row, USER } from './testing/world.ts'
import type { World } from './testing/world.ts'

const catalog = makeCatalog([
  { kind: 'Field', name: 'Ticket__c.DueDay__c', label: 'Due Day', type: 'Formula', formulaType: 'Date', formula: 'Due__c + 1' },
  { kind: 'Field', name: 'Ticket__c.DueToday__c', label: 'Due Today', type: 'Formula', formulaType: 'Checkbox', formula: 'Due__c = TODAY()' },
]) // prettier-ignore
const context: QueryContext = {
  userId: USER,
  now: Date.UTC(2026, 2, 9, 15),
  timeZone: 'America/New_York',
  cursorKey: 'k',
}
const [acme, bolt] = [idOf('a02', 1), idOf('a02', 2)]
const ticket = (n: number): string => idOf('a03', n)

const world: World = {
  User: [row('User', USER, { Name: 'Ana' })],
  Region__c: [row('Region__c', idOf('a01', 1), { Name: 'EMEA' })],
  Company__c: [
    row('Company__c', acme, { Name: 'Acme', Tier__c: 'Gold', Revenue__c: 1200.5, Region__c: idOf('a01', 1) }),
    row('Company__c', bolt, { Name: 'Bolt', Tier__c: 'Silver' }),
  ],
  Ticket__c: [
    row('Ticket__c', ticket(1), { Subject__c: 'One', Priority__c: 'High', Company__c: acme, Amount__c: '12345678901234.5678', Score__c: 1.5, Open__c: true, Tags__c: ['red', 'blue'], Due__c: '2026-03-09T15:00:00.000Z', Day__c: '2026-03-09', At__c: '17:30:00.000', Payload__c: { a: [1, 'x'] }, Place__c: { latitude: 40.5, longitude: -73.25 } }),
    row('Ticket__c', ticket(2), { Subject__c: 'Two "quoted"', Priority__c: 'High', Company__c: bolt, Open__c: false, Parent__c: ticket(1), Due__c: '2026-03-10T03:59:59.999Z' }),
    row('Ticket__c', ticket(3), { Subject__c: 'Three', Priority__c: 'Low', Company__c: acme, Score__c: -2, Open__c: true, Parent__c: ticket(1) }),
    row('Ticket__c', ticket(4), { Subject__c: 'Gone', Priority__c: 'High', Company__c: acme, Open__c: true, IsDeleted: true }),
  ],
  Note__c: [row('Note__c', idOf('a04', 1), { Ticket__c: ticket(1), Body__c: 'note' })],
  Beat: [row('Beat', idOf('a05', 1), { AboutId: ticket(1), Kind: 'k' }), row('Beat', idOf('a05', 2), { AboutId: acme, Kind: 'c' })],
} // prettier-ignore

describeDatabases('queries', (open) => {
  let database: Database
  beforeAll(async () => {
    database = await open.keep()
    await createTables(database, catalog)
    await fill(database, catalog, world)
  })

  const run = async (query: Query, variables: Variables = {}): Promise<unknown> =>
    JSON.parse(await text(query, variables))
  const text = async (query: Query, variables: Variables = {}): Promise<string> => {
    const authorized = authorize(query, systemActor('test'), catalog)
    if (!isAuthorized(authorized)) throw new Error(authorized.map((finding) => finding.message).join('\n'))
    return runQuery(database, compileQuery(authorized, database.dialect), variables, context)
  }
  const list = (query: Partial<Extract<Query, { kind: 'list' }>>): Query => ({ kind: 'list', object: 'Ticket__c', orderBy: [], page: {}, select: [{ key: 'nodes', kind: 'nodes', select: [{ key: 'Subject', kind: 'field', field: 'Subject__c' }] }], ...query }) // prettier-ignore

  test('where a formula needs a date, a date/time is its day in the zone of whoever asks', async () => {
    const select = ['DueDay__c', 'DueToday__c'].map((name) => ({ key: name, kind: 'field' as const, field: name }))
    const rows = await run(list({ select: [{ key: 'nodes', kind: 'nodes', select }], orderBy: [{ path: ['Subject__c'], direction: 'asc', nulls: 'last' }] })) // prettier-ignore
    expect(rows).toEqual({
      nodes: [
        { DueDay__c: '2026-03-10', DueToday__c: true },
        { DueDay__c: null, DueToday__c: false },
        { DueDay__c: '2026-03-10', DueToday__c: true },
      ],
    })
  })

  test('a record with fields of every type, its parent and grandparent, and a list below it', async () => {
    const field = (name: string): { key: string; kind: 'field'; field: string } => ({
      key: name,
      kind: 'field',
      field: name,
    })
    const query: Query = {
      kind: 'record', object: 'Ticket__c', id: { variable: 'id', path: [] },
      select: [
        ...['Id', 'Subject__c', 'Amount__c', 'Score__c', 'Open__c', 'Tags__c', 'Due__c', 'Day__c', 'At__c', 'Payload__c', 'Place__c', 'Label__c', 'Hot__c'].map(field),
        { key: 'company', kind: 'parent', relationship: 'Company__r', types: [{ object: 'Company__c', select: [field('Name'), field('Revenue__c'), { key: 'Region__r', kind: 'parent', relationship: 'Region__r', types: [{ object: 'Region__c', select: [field('Name')] }] }] }] },
        { key: 'Owner', kind: 'parent', relationship: 'Owner', types: [{ object: 'User', select: [{ key: '__typename', kind: 'constant', value: 'User' }, field('Name')] }, { object: 'Group', select: [] }] },
        { key: 'Subtickets__r', kind: 'children', relationship: 'Subtickets__r', query: { kind: 'list', object: 'Ticket__c', orderBy: [{ path: ['Subject__c'], direction: 'desc', nulls: 'last' }], page: { first: { constant: 5 } }, select: [{ key: 'nodes', kind: 'nodes', select: [field('Subject__c')] }, { key: 'totalCount', kind: 'totalCount' }, { key: 'pageInfo', kind: 'pageInfo', parts: [{ key: 'hasNextPage', kind: 'hasNextPage' }] }] } },
        { key: 'display', kind: 'display', parts: [{ key: 'Priority__c', field: 'Priority__c' }, { key: 'Score__c', field: 'Score__c' }, { key: 'Company__c', field: 'Company__c' }, { key: 'Due__c', field: 'Due__c' }] },
      ],
    } // prettier-ignore
    const company = { Name: 'Acme', Revenue__c: 1200.5, Region__r: { Name: 'EMEA' } }
    const below = {
      nodes: [{ Subject__c: 'Two "quoted"' }, { Subject__c: 'Three' }],
      totalCount: 2,
      pageInfo: { hasNextPage: false },
    }
    const display = { Priority__c: 'High!', Score__c: '1.5', Company__c: 'Acme', Due__c: 'Mar 9, 2026, 11:00 AM' }
    expect(JSON.parse(JSON.stringify(await run(query, { id: ticket(1) })).replaceAll(' ', ' '))).toEqual({
      Id: ticket(1), Subject__c: 'One', Amount__c: '12345678901234.5678', Score__c: 1.5, Open__c: true, Tags__c: ['red', 'blue'], Due__c: '2026-03-09T15:00:00.000Z', Day__c: '2026-03-09',
      At__c: '17:30:00.000', Payload__c: { a: [1, 'x'] }, Place__c: { latitude: 40.5, longitude: -73.25 }, Label__c: 'Acme/One', Hot__c: true, company, Owner: { __typename: 'User', Name: 'Ana' },
      Subtickets__r: below, display,
    }) // prettier-ignore
    expect(await text(query, { id: ticket(4) })).toBe('null')
    expect(await text(query, {})).toBe('null')
  })

  test('a list filtered by its own and a parent’s field, ordered by the parent', async () => {
    const where = { kind: 'and', of: [{ kind: 'compare', field: 'Priority__c', operator: 'eq', value: { variable: 'p', path: [] } }, { kind: 'parent', relationship: 'Company__r', where: { kind: 'compare', field: 'Tier__c', operator: 'in', value: { constant: ['Gold', 'Silver'] } } }] } as const // prettier-ignore
    const query = list({ where, orderBy: [{ path: ['Company__r', 'Name'], direction: 'desc', nulls: 'last' }] })
    expect(await text(query, { p: 'High' })).toBe('{"nodes":[{"Subject":"Two \\"quoted\\""},{"Subject":"One"}]}')
    expect(await text(query, { p: null })).toBe('{"nodes":[]}')
  })

  test('aggregates', async () => {
    const query: Query = {
      kind: 'aggregate', object: 'Ticket__c', groupBy: [{ path: ['Priority__c'] }, { path: ['Due__c'], by: 'DAY' }],
      select: [{ key: 'group', kind: 'group', parts: [{ key: 'Priority__c', group: 0 }, { key: 'day', group: 1 }] }, { key: 'count', kind: 'count' }, { key: 'sum', kind: 'sum', parts: [{ key: 'Score__c', field: 'Score__c' }] }, { key: 'avg', kind: 'avg', parts: [{ key: 'Amount__c', field: 'Amount__c' }] }, { key: 'p', kind: 'percentile', field: 'Score__c', p: { constant: 0.5 } }],
    } // prettier-ignore
    expect(await text(query)).toBe(
      '[{"group":{"Priority__c":"High","day":"2026-03-09"},"count":2,"sum":{"Score__c":1.5},"avg":{"Amount__c":"12345678901234.5678"},"p":1.5},{"group":{"Priority__c":"Low","day":null},"count":1,"sum":{"Score__c":-2.0},"avg":{"Amount__c":null},"p":-2.0}]',
    )
  })

  const subjects = async (where: Where, variables: Variables = {}): Promise<string[]> =>
    (
      (await run(list({ where, orderBy: [{ path: ['Id'], direction: 'asc', nulls: 'last' }] }), variables)) as {
        nodes: { Subject: string }[]
      }
    ).nodes.map((node) => node.Subject)
  const compare = (field: string, operator: Operator, constant: Value): Where => ({
    kind: 'compare',
    field,
    operator,
    value: { constant },
  })
  const refusal = (code: string): unknown => expect.objectContaining({ finding: expect.objectContaining({ code }) })

  test('relative dates are days of the caller’s zone', async () => {
    expect(await subjects(compare('Due__c', 'relative', 'TODAY'))).toEqual(['One', 'Two "quoted"'])
    expect(await subjects(compare('Due__c', 'relative', 'TOMORROW'))).toEqual([])
    expect(await subjects(compare('Due__c', 'relative', { LAST_N_DAYS: 3 }))).toEqual(['One'])
    expect(await subjects(compare('Day__c', 'relative', 'THIS_WEEK'))).toEqual(['One'])
    expect(await subjects(compare('Day__c', 'relative', 'LAST_N_MONTHS:1'))).toEqual([])
    await expect(subjects(compare('Day__c', 'relative', 'SOMEDAY'))).rejects.toEqual(refusal('RELATIVE_DATE'))
    await expect(subjects(compare('Day__c', 'relative', { LAST_N_DAYS: 1e9 }))).rejects.toEqual(
      refusal('RELATIVE_DATE'),
    )
  })

  test('distances', async () => {
    const near = (limit: number, unit: string): Where =>
      compare('Place__c', 'distance', { from: { latitude: 40.7, longitude: -74 }, [unit]: limit })
    expect(await subjects(near(70, 'km'))).toEqual(['One'])
    expect(await subjects(near(40, 'km'))).toEqual([])
    expect(await subjects(near(45, 'miles'))).toEqual(['One'])
    await expect(
      subjects(compare('Place__c', 'distance', { from: { latitude: 91, longitude: 0 }, km: 1 })),
    ).rejects.toEqual(refusal('WRONG_TYPE'))
  })

  test('values of the wrong kind are refused in words, before the database sees them', async () => {
    const wrong: [string, Operator, Value][] = [['Score__c', 'eq', 'many'], ['Due__c', 'lt', 'yesterday'], ['Day__c', 'eq', '2026-02-30'], ['Open__c', 'eq', 'yes'], ['Subject__c', 'eq', 5], ['Subject__c', 'eq', 'a\0b'], ['Subject__c', 'eq', '\ud800'], ['At__c', 'eq', '25:00'], ['Subject__c', 'in', 'x'], ['Subject__c', 'isNull', 'no']] // prettier-ignore
    for (const [field, operator, value] of wrong)
      await expect(subjects(compare(field, operator, value)), field).rejects.toEqual(refusal('WRONG_TYPE'))
  })

  test('one plan serves null, a value and a list with null', async () => {
    const authorized = authorize(list({ where: { kind: 'or', of: [{ kind: 'compare', field: 'Score__c', operator: 'eq', value: { variable: 's', path: [] } }, { kind: 'compare', field: 'Priority__c', operator: 'in', value: { variable: 'p', path: ['of'] } }] } }), systemActor('test'), catalog) // prettier-ignore
    if (!isAuthorized(authorized)) throw new Error('refused')
    const compiled = compileQuery(authorized, database.dialect)
    const count = async (variables: Variables): Promise<number> =>
      (JSON.parse(await runQuery(database, compiled, variables, context)) as { nodes: unknown[] }).nodes.length
    expect(await count({ s: null, p: { of: [] } })).toBe(1)
    expect(await count({ s: 1.5, p: { of: [] } })).toBe(1)
    expect(await count({ s: '1.50000000000000000001', p: { of: [] } })).toBe(0)
    expect(await count({ s: 9, p: { of: ['Low', null] } })).toBe(1)
    expect(await count({})).toBe(1)
  })

  test('more rows than the budget are refused before anything runs', async () => {
    const below = {
      key: 'b',
      kind: 'children',
      relationship: 'Subtickets__r',
      query: list({ page: { first: { variable: 'n', path: [] } } }) as ListQuery,
    } as const
    const query = list({
      page: { first: { constant: 2000 } },
      select: [{ key: 'nodes', kind: 'nodes', select: [below] }],
    })
    await expect(run(query, { n: 2000 })).rejects.toEqual(refusal('TOO_MANY_ROWS'))
    expect(await run(query, { n: 10 })).toMatchObject({ nodes: { length: 3 } })
  })

  test('a stored text can’t pass for something that is still to be worked out, and long names keep their letters', async () => {
    const key = 'n'.repeat(90)
    const query: Query = { kind: 'record', object: 'Ticket__c', id: { constant: ticket(1) }, select: [{ key, kind: 'field', field: 'Subject__c' }, { key: 'x', kind: 'constant', value: '~0:[]"\\~' }, { key: 'd', kind: 'display', parts: [{ key: 'Score__c', field: 'Score__c' }] }] } // prettier-ignore
    expect(await run(query)).toEqual({ [key]: 'One', x: '~0:[]"\\~', d: { Score__c: '1.5' } })
  })

  test('500 and more fields in one object', async () => {
    const select = Array.from({ length: 1100 }, (_, i) => ({
      key: `k${i}`,
      kind: 'field' as const,
      field: i % 2 ? 'Subject__c' : 'Open__c',
    }))
    const result = (await run({ kind: 'record', object: 'Ticket__c', id: { constant: ticket(1) }, select })) as {
      [key: string]: Value
    }
    expect(Object.keys(result)).toHaveLength(1100)
    expect([result.k0, result.k1099]).toEqual([true, 'One'])
  })
})
