import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import { describeDatabases } from '#test/databases'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import type { Row } from '#util'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'

const NOON = '2026-03-04T17:00:00Z'

const newCase = (Subject: string, Priority = 'High'): SaveRequest => ({
  operation: 'create',
  object: 'Case',
  values: { Subject, Priority, Status: 'New' },
})

const as = (o: Organisation, name: string): Actor => ({ ...automationActor('test'), userId: o.ids[name]! })

describeDatabases(
  'saves that come in at once',
  (open) => {
    it('share transactions, and are each their caller’s own', async () => {
      const o = await openOrganisation(open, NOON)
      const transactions = vi.spyOn(o.database, 'transaction')
      const names = Array.from({ length: 40 }, (_, i) => `Case ${i}`)
      const results = await Promise.all(
        names.map((name, i) => o.engine.save(as(o, i % 2 ? 'ana' : 'ben'), [newCase(name)])),
      )
      expect(transactions.mock.calls.length).toBeLessThan(10)
      const cases = new Map((await o.rows('Case')).map((row) => [row.Id, row]))
      for (const [i, [result]] of results.entries())
        expect(cases.get(result!.id!)).toMatchObject({
          Subject: names[i],
          CreatedById: o.ids[i % 2 ? 'ana' : 'ben'],
          LastModifiedById: o.ids[i % 2 ? 'ana' : 'ben'],
          NextTargetDate: expect.any(String),
        })
      expect(new Set([...cases.values()].map((row) => row.CaseNumber)).size).toBe(cases.size)
      expect(await o.rows('RecordMilestone')).toHaveLength(80)
      expect((await o.engine.repair()).differences).toBe(0)
    })

    it('fail alone: each gets its own mistakes, and the others are saved', async () => {
      const o = await openOrganisation(open, NOON)
      const nobody: Actor = {
        ...as(o, 'ana'),
        system: undefined,
        permissions: compilePermissions([], o.engine.catalogs.current()),
      }
      const user = (LastName: string): SaveRequest => ({
        operation: 'create',
        object: 'User',
        values: { LastName, Username: 'kim@example.com', Email: 'kim@example.com', IsActive: true, TimeZone: 'UTC', Locale: 'en-US' },
      }) // prettier-ignore
      const all = await Promise.all([
        o.engine.save(as(o, 'ana'), [newCase('Right')]),
        o.engine.save(as(o, 'ben'), [newCase('Wrong', 'Sky-high')]),
        o.engine.save(nobody, [newCase('Not allowed')]),
        o.engine.save(as(o, 'ana'), [user('First')]),
        o.engine.save(as(o, 'ana'), [user('Second')]),
        o.engine.save(as(o, 'ana'), [{ operation: 'update', object: 'Nothing', id: 'x', values: {} }]),
        o.engine.save(as(o, 'ben'), [newCase('Right too')]),
      ])
      expect(all.map(([result]) => result!.errors.map((e) => `${e.field ?? ''} ${e.code}`.trim()))).toEqual([
        [],
        ['Priority NOT_IN_PICKLIST'],
        ['NO_ACCESS'],
        [],
        ['Username UNIQUE'],
        ['UNKNOWN_OBJECT'],
        [],
      ])
      expect((await o.rows('Case')).map((row) => row.Subject).sort()).toEqual(['Right', 'Right too'])
    })

    it('of one record are saved one after another', async () => {
      const o = await openOrganisation(open, NOON)
      const id = await o.create('Case', { Subject: 'Pump', Priority: 'Low', Status: 'New' }, 'ana')
      const update = (values: { Priority?: string; Subject?: string }) =>
        o.engine.save(as(o, 'ben'), [{ operation: 'update', object: 'Case', id, values, version: 1 }])
      const results = await Promise.all([
        o.engine.save(as(o, 'ana'), [newCase('Before')]),
        update({ Priority: 'High' }),
        update({ Subject: 'Pumps' }),
        o.engine.save(as(o, 'ana'), [newCase('After')]),
      ])
      expect(results.map(([result]) => result!.errors.map((e) => e.code))).toEqual([[], [], ['STALE'], []])
      expect(await o.read(id)).toMatchObject({ Subject: 'Pump', Priority: 'High', Version: 2 })
    })

    it('end as if they had come one after another', async () => {
      const [at, after] = [await openOrganisation(open, NOON), await openOrganisation(open, NOON)]
      const end = async (o: Organisation, ids: readonly string[], asked: readonly Asked[], atOnce: boolean) => {
        const save = async (one: Asked) =>
          (await o.engine.save(as(o, one.who), [requestOf(one, ids)]))[0]!.errors.map((e) => `${e.field} ${e.code}`)
        const errors: string[][] = []
        if (atOnce) errors.push(...(await Promise.all(asked.map(save))))
        else for (const one of asked) errors.push(await save(one))
        const rows = await o.rows('Case', (row) => ids.includes(String(row.Id)) || row.Subject === 'New one')
        return { errors, rows: rows.map((row) => told(o, row)).sort() }
      }
      await fc.assert(
        fc.asyncProperty(fc.array(asks, { minLength: 2, maxLength: 20 }), async (asked) => {
          const three = async (o: Organisation) => [
            await o.create('Case', SIMPLE),
            await o.create('Case', SIMPLE),
            await o.create('Case', SIMPLE),
          ]
          const [these, those] = [await three(at), await three(after)]
          expect(await end(at, these, asked, true)).toEqual(await end(after, those, asked, false))
        }),
        { numRuns: Number(process.env.MILEPOST_RUNS ?? 8) },
      )
      expect(await at.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)

/** What of a case does not depend on when its transaction came; ids differ between two organisations. */
const told = (o: Organisation, row: Row): string => {
  const by = (id: unknown) => Object.entries(o.ids).find(([, known]) => known === id)?.[0]
  const { Subject, Priority, Status, Version, MilestoneStatus, NextTargetDate } = row
  return JSON.stringify({ Subject, Priority, Status, Version, MilestoneStatus, NextTargetDate, by: [by(row.CreatedById), by(row.LastModifiedById)] }) // prettier-ignore
}

const SIMPLE = { Subject: 'Simple', Priority: 'Low', Status: 'New' }

interface Asked {
  readonly who: 'ana' | 'ben'
  /** Which of three cases; absent: a new one. */
  readonly which?: number
  readonly values: { readonly [field: string]: string }
}

const asks: fc.Arbitrary<Asked> = fc.record(
  {
    who: fc.constantFrom('ana', 'ben'),
    which: fc.nat(2),
    values: fc.record(
      {
        Priority: fc.constantFrom('Critical', 'High', 'Low', 'Sky-high'),
        Status: fc.constantFrom('New', 'In Progress', 'Closed'),
      },
      { requiredKeys: ['Priority'] },
    ),
  },
  { requiredKeys: ['who', 'values'] },
)

const requestOf = ({ which, values }: Asked, ids: readonly string[]): SaveRequest =>
  which === undefined
    ? { operation: 'create', object: 'Case', values: { Subject: 'New one', Status: 'New', ...values } }
    : { operation: 'update', object: 'Case', id: ids[which]!, values }
