import { expect, it, vi } from 'vitest'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import { describeDatabases } from '#test/databases'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
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
  },
  installShipped,
)
