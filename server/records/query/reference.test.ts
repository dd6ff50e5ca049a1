/** Random queries by random callers over random data: SQLite, PostgreSQL and the plain-words interpreter must give the same. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Database } from '#database'
import { opener } from '#test/databases'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { compilePermissions } from '../access/permissions.ts'
import type { Permissions } from '../access-types.ts'
import type { Query, Where } from '../query-tree.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import type { QueryContext } from './run-values.ts'
import { isAllowed } from './testing/allowed.ts'
import { permissionSets, queries, wheres, worlds } from './testing/arbitrary.ts'
import { reference } from './testing/reference.ts'
import { clear, createTables, fill, makeCatalog, USER } from './testing/world.ts'

const catalog = makeCatalog()
const zones = ['UTC', 'America/New_York', 'Asia/Kolkata']
const openers = [opener('sqlite'), opener('postgres')]
const databases: Database[] = []

beforeAll(async () => {
  for (const open of openers) databases.push(await open.keep())
  for (const database of databases) await createTables(database, catalog)
})

/** Sharing rules on two objects, which documents can't say yet: rows of the other objects stay as they are. */
const withSharing = (
  permissions: Permissions,
  rules: { readonly [object: string]: Where | undefined },
): Permissions => ({
  ...permissions,
  rowFilter: (object) => rules[object],
})

const caller = fc
  .tuple(
    permissionSets(catalog),
    fc.option(wheres(catalog, catalog.objects.get('Ticket__c')!, 0)),
    fc.option(wheres(catalog, catalog.objects.get('Company__c')!, 0)),
  )
  .map(([sets, ticket, company]) =>
    withSharing(compilePermissions(sets, catalog), {
      Ticket__c: ticket ?? undefined,
      Company__c: company ?? undefined,
    }),
  )

const told = (query: Query, permissions: Permissions): string =>
  JSON.stringify({ query, rules: ['Ticket__c', 'Company__c'].map((object) => permissions.rowFilter?.(object)) })

test('one answer from two databases and the reference', async () => {
  let compared = 0
  const asked = fc.array(fc.tuple(queries(catalog), caller, fc.constantFrom(...zones)), {
    minLength: 25,
    maxLength: 25,
  })
  await fc.assert(
    fc.asyncProperty(worlds(catalog), asked, async (world, requests) => {
      for (const database of databases) await clear(database, catalog)
      for (const database of databases) await fill(database, catalog, world)
      for (const [query, permissions, timeZone] of requests) {
        const context: QueryContext = { userId: USER, now: Date.UTC(2026, 2, 9), timeZone, cursorKey: 'key' }
        const authorized = authorize(query, { permissions }, catalog)
        expect(isAuthorized(authorized)).toBe(isAllowed(query, permissions, catalog))
        if (!isAuthorized(authorized)) continue
        compared++
        const expected: unknown = reference(query, { catalog, permissions, world, variables: {}, context })
        const [sqlite, postgres] = await Promise.all(
          databases.map((database) =>
            runQuery(database, compileQuery(authorized, database.dialect, { rowBudget: Infinity }), {}, context),
          ),
        )
        expect(JSON.parse(sqlite!), told(query, permissions)).toEqual(expected)
        expect(postgres, told(query, permissions)).toBe(sqlite)
      }
    }),
    { numRuns: Number(process.env.MILEPOST_RUNS ?? 12), endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(20)
}, 120_000)
