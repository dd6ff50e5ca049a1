import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { describeDatabases } from '#test/databases'
import { harmOf } from '../http/testing-load.ts'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'
import { LIMITS } from './limits.ts'
import { Planner } from './plan/planner.ts'

const many = (count: number, field: string): string => Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ') // prettier-ignore
const or = (count: number) => ({ or: Array.from({ length: count }, (_, i) => ({ Subject: { eq: `x${i}` } })) })

describeDatabases('what one request may take of the database', (open) => {
  let server: TestServer
  let people: readonly [Person, Person]
  beforeAll(async () => {
    server = await keepServer(await open.url())
    people = [server.admin, await server.person('other@example.com', 'System_Administrator')]
    const input = Array.from({ length: 300 }, (_, i) => ({ Subject: `Case ${i}` }))
    await server.admin.data('mutation ($input: [CaseCreateInput!]!) { CaseCreateMany(input: $input) { saved } }', {
      input,
    })
  })

  /** Statements on cases under way at the same time, at most; they take longer than usual. */
  function watchReads(): { most: number; all: number } {
    const seen = { most: 0, all: 0 }
    let now = 0
    const { database } = server.app.engine
    const get = database.get.bind(database)
    const spy = vi.spyOn(database, 'get').mockImplementation(async (sql, params) => {
      if (!sql.includes('o_case')) return get(sql, params)
      seen.all++
      seen.most = Math.max(seen.most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return get(sql, params).finally(() => now--)
    })
    onTestFinished(() => spy.mockRestore())
    return seen
  }

  test.each([
    ['many root fields', `{ ${many(11, 'Case(first: 2000) { nodes { Id } }')} }`, '22,000', {}],
    [
      'the same by variables',
      `query ($n: Int) { ${many(11, 'Case(first: $n) { nodes { Id } }')} }`,
      '22,000',
      { n: 2000 },
    ],
    ['pages in pages', '{ Account(first: 500) { nodes { Cases(first: 50) { nodes { Id } } } } }', '25,500', {}],
    ['groups', `{ ${many(11, 'CaseAggregate(groupBy: [Subject]) { count }')} }`, '22,000', {}],
  ])('too many records are refused before one is read: %s', async (_, query, asked, variables) => {
    const seen = watchReads()
    for (let i = 0; i < 2; i++)
      expect(await server.admin.ask(query, variables)).toMatchObject({
        errors: [
          {
            message: expect.stringContaining(`asks for up to ${asked} records; 20,000 is the most.`),
            extensions: { code: 'TOO_MANY_ROWS' },
          },
        ],
      })
    expect(seen.all).toBe(0)
  })

  test('a document that was answered before is refused with larger pages, and answered with small ones', async () => {
    const query = `query ($n: Int) { ${many(20, 'Case(first: $n) { nodes { Id } }')} }`
    const codes = async (n: number) => (await server.admin.ask(query, { n })).errors?.map((e) => e.extensions.code)
    expect([await codes(5), await codes(5), await codes(2000), await codes(5)]).toEqual([undefined, undefined, ['TOO_MANY_ROWS'], undefined]) // prettier-ignore
  })

  test('counts without groups are one record each', async () => {
    const answer = await server.admin.data(`{ ${many(30, 'CaseAggregate { count }')} }`)
    expect(answer.a29).toEqual([{ count: 300 }])
  })

  test('few root fields are read at a time, of large requests one after the other, and another user has a place', async () => {
    const small = `{ ${many(20, 'Case(first: 5) { nodes { Id } }')} }`
    const large = `{ ${many(2, 'Case(first: 2000) { nodes { Id } }')} }`
    const seen = watchReads()
    const during = async (work: () => Promise<unknown>) => {
      Object.assign(seen, { most: 0, all: 0 })
      await work()
      return { ...seen }
    }
    const few = { most: LIMITS.rootFieldsAtOnce, all: 20 }
    expect(await during(() => people[0].data(small))).toEqual(few)
    expect(await during(() => people[0].data(small))).toEqual(few)
    const own = await during(() => Promise.all([0, 0, 0].map((who) => people[who]!.data(large))))
    expect(own).toEqual({ most: 1, all: 6 })
    const both = await during(() => Promise.all([0, 1, 0, 1].map((who) => people[who]!.data(large))))
    expect(both).toEqual({ most: 2, all: 8 })
  })

  const VARIABLE = 'query ($w: CaseWhere) { Case(where: $w, first: 1) { nodes { Id } } }'
  const SPREAD = `query ($w: CaseWhere) { ${many(25, 'Case(where: $w, first: 1) { nodes { Id } }')} }`
  test.each([
    ['in one variable', VARIABLE, or(2900), 0],
    ['in one variable that stands in many places', SPREAD, or(100), 5],
    ['of groups', 'query ($h: CaseHaving) { CaseAggregate(groupBy: [Status], having: $h) { count } }', { or: Array.from({ length: 3000 }, () => ({ count: { gt: 1 } })) }, 0], // prettier-ignore
  ])('too many conditions are refused before anything is made of them: %s', async (_, query, filter, prepared) => {
    const prepare = vi.spyOn(Planner.prototype, 'prepare')
    onTestFinished(() => prepare.mockRestore())
    const { errors } = await server.admin.ask(query, { [query.includes('$w') ? 'w' : 'h']: filter })
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['TOO_COMPLEX']))
    expect(prepare).toHaveBeenCalledTimes(prepared)
  })

  test('many values of one condition are one', async () => {
    const values = Array.from({ length: 3000 }, (_, i) => `Case ${i}`)
    const answer = await server.admin.data('query ($w: CaseWhere) { CaseAggregate(where: $w) { count } }', { w: { Subject: { in: values } } }) // prettier-ignore
    expect(answer).toEqual({ CaseAggregate: [{ count: 300 }] })
  })

  test('somebody else is answered meanwhile', async () => {
    const [attacker, victim] = people
    const attack = () =>
      Promise.all([
        ...Array.from({ length: 5 }, () => attacker.ask(VARIABLE, { w: or(400) })),
        ...Array.from({ length: 5 }, () => attacker.ask(`{ ${many(9, 'Case(first: 2000) { nodes { Id Subject Status } }')} }`)),
      ]) // prettier-ignore
    expect((await harmOf(victim, attack)).answered).toBeGreaterThanOrEqual(5)
  })
})
