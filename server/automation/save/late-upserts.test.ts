import { expect, it } from 'vitest'
import { openDatabase } from '#database'
import { automationActor } from '#automation'
import type { SaveOptions, SaveRequest, SaveResult } from '#automation'
import { describeDatabases } from '#test/databases'
import { installShipped, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'

const NOON = '2026-03-04T17:00:00Z'
const actor = automationActor('test')

const person = (key: string, LastName: string) => ({
  LastName, Username: `${key}@example.com`, Email: `${key}@example.com`, IsActive: true, TimeZone: 'UTC', Locale: 'en-US',
}) // prettier-ignore

function upsert(key: string, by: string): SaveRequest {
  const { Username, ...values } = person(key, by)
  return { operation: 'upsert', object: 'User', by: { field: 'Username', value: Username }, values }
}

const failures = (results: readonly SaveResult[]): string[] =>
  results.flatMap(({ errors }) => errors.map((e) => `${e.field ?? ''} ${e.code}`))

describeDatabases(
  'upserts of one key at once',
  (open) => {
    /** Three engines, on PostgreSQL each a node of its own. */
    async function engines(): Promise<Organisation[]> {
      const url = await open.url()
      const nodes = open.dialect === 'postgres' ? 3 : 1
      return Promise.all(
        Array.from({ length: nodes }, () => organisationAt((options) => openDatabase({ url, ...options }), NOON)),
      )
    }

    async function saved(
      make: (i: number) => readonly SaveRequest[],
      calls: number,
      options?: SaveOptions,
    ): Promise<{ results: readonly (readonly SaveResult[])[]; users: readonly string[]; repeated: number }> {
      const nodes = await engines()
      try {
        const results = await Promise.all(
          Array.from({ length: calls }, (_, i) => nodes[i % nodes.length]!.engine.save(actor, make(i), options)),
        )
        const users = (await nodes[0]!.rows('User'))
          .map((row) => String(row.Username))
          .filter((u) => u.startsWith('new'))
        return { results, users: users.sort(), repeated: users.length - new Set(users).size }
      } finally {
        for (const node of nodes) {
          await node.engine.stop()
          await node.database.close()
        }
      }
    }

    it('all succeed: one makes the record, the others change it', async () => {
      const { results, users } = await saved((i) => [upsert('new', `By ${i}`)], 60)
      expect(failures(results.flat())).toEqual([])
      expect(users).toEqual(['new@example.com'])
      expect(results.flat().filter((r) => r.created)).toHaveLength(1)
      expect(new Set(results.flat().map((r) => r.id)).size).toBe(1)
    })

    it.each(['allOrNothing', 'partial'] as const)(
      'in bulk, with the same keys in another order, all succeed (%s)',
      async (mode) => {
        const keys = Array.from({ length: 200 }, (_, i) => `new${i}`)
        const turned = (i: number) => [...keys.slice(i * 25), ...keys.slice(0, i * 25)]
        const ordered = (i: number) => (i % 2 ? turned(i) : turned(i).reverse())
        const { results, users, repeated } = await saved((i) => ordered(i).map((key) => upsert(key, `By ${i}`)), 6, { mode }) // prettier-ignore
        expect(failures(results.flat())).toEqual([])
        expect([users.length, repeated]).toEqual([200, 0])
        expect(results.flat().filter((r) => r.created)).toHaveLength(200)
      },
    )

    it('creates of one value at once: one is saved, the others learn which field is taken', async () => {
      const create = (i: number): SaveRequest => ({ operation: 'create', object: 'User', values: person('new', `By ${i}`) }) // prettier-ignore
      const { results, users } = await saved((i) => [create(i)], 30)
      expect(users).toEqual(['new@example.com'])
      expect(failures(results.flat())).toEqual(Array.from({ length: 29 }, () => 'Username UNIQUE'))
    })

    it.each(['allOrNothing', 'partial'] as const)(
      'a key twice in one call stays a mistake of the call (%s)',
      async (mode) => {
        const { results, users } = await saved(() => [upsert('new', 'A'), upsert('new', 'B')], 1, { mode })
        expect(failures(results[0]!.slice(1))).toEqual(['Username UNIQUE'])
        expect(users).toEqual(mode === 'partial' ? ['new@example.com'] : [])
      },
    )
  },
  installShipped,
)
