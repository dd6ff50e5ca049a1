import { expect, it, vi } from 'vitest'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import { openDatabase } from '#database'
import type { Row } from '#util'
import { describeDatabases, opener } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, rollup, ROLLUPS, TREE } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const actor = automationActor('test')

async function tree(o: Organisation): Promise<{ g: string; p: string; other: string }> {
  await deploy(o, ...TREE, ...ROLLUPS)
  const g = await o.create('G__c', { Name: 'g' })
  const p = await o.create('P__c', { Name: 'p', G__c: g })
  return { g, p, other: await o.create('P__c', { Name: 'other', G__c: g }) }
}

describeDatabases(
  'roll-ups',
  (open) => {
    it('of a parent without children are 0, or blank where there is nothing to take, from the first moment on', async () => {
      const o = await openOrganisation(open, NOON)
      const { g, p } = await tree(o)
      const none = { Sum__c: 0, Kids__c: 0, Others__c: 0, Least__c: null, Last__c: null }
      expect(await o.read(p)).toMatchObject(none)
      expect(await o.read(g)).toMatchObject({ Total__c: 0, Busy__c: 0 })
      const k = await o.create('K__c', { Name: 'k', P__c: p, A__c: 7.25, D__c: '2026-03-01' })
      expect(await o.read(p)).toMatchObject({ Sum__c: 7.25, Kids__c: 1, Least__c: 7.25, Last__c: '2026-03-01' })
      await o.engine.save(actor, [{ operation: 'delete', object: 'K__c', id: k }])
      expect(await o.read(p)).toMatchObject(none)
    })

    it('follow to the top at once, over a reparenting too', async () => {
      const o = await openOrganisation(open, NOON)
      const { g, p, other } = await tree(o)
      const k = await o.create('K__c', { Name: 'k', P__c: p, Q__c: p, A__c: 3 })
      await o.create('K__c', { Name: 'l', P__c: p, A__c: 4 })
      expect(await o.read(g)).toMatchObject({ Total__c: 7, Busy__c: 1 })
      await o.update('K__c', k, { A__c: 7, Q__c: other })
      expect([await o.read(p), await o.read(other), await o.read(g)]).toMatchObject([
        { Sum__c: 11, Others__c: 0 },
        { Sum__c: 0, Others__c: 1 },
        { Total__c: 11 },
      ])
      const h = await o.create('G__c', { Name: 'h' })
      await o.update('P__c', p, { G__c: h })
      expect([await o.read(g), await o.read(h)]).toMatchObject([
        { Total__c: 0, Busy__c: 0 },
        { Total__c: 11, Busy__c: 1 },
      ])
    })

    it('of more digits than there is room for are blank, and stand in the way of no save', async () => {
      const o = await openOrganisation(open, NOON)
      const { p } = await tree(o)
      const huge = rollup('P__c.Huge__c', 'sum', 'K__c', 'P__c', { field: 'N__c' })
      await deploy(o, field('K__c.N__c', 'Number', { precision: 18, scale: 2 }), huge)
      const N__c = '9999999999999999.99'
      await o.create('K__c', { Name: 'k', P__c: p, N__c })
      expect((await o.read(p)).Huge__c).toBe(N__c)
      const more = await o.create('K__c', { Name: 'k', P__c: p, N__c })
      expect((await o.read(p)).Huge__c).toBeNull()
      await o.engine.save(actor, [{ operation: 'delete', object: 'K__c', id: more }])
      expect((await o.read(p)).Huge__c).toBe(N__c)
    })

    it('are told to subscribers when they change, and only then', async () => {
      const o = await openOrganisation(open, NOON)
      const { g, p } = await tree(o)
      const seen: string[] = []
      o.engine.onChange((c) => void seen.push(`${c.object} ${c.id} ${c.fields.join()}`))
      // Notices come in order: what was saved before the account has been heard of by then.
      const marker = await o.create('Account', { Name: 'marker' })
      await vi.waitFor(() => expect(seen.at(-1)).toContain(marker))
      seen.length = 0
      await o.create('K__c', { Name: 'k', P__c: p, A__c: 3 })
      const expected = [`P__c ${p} Sum__c`, `P__c ${p} Kids__c`, `G__c ${g} Total__c`]
      await vi.waitFor(() => expect(seen).toEqual(expect.arrayContaining(expected)))
      expect(seen.join()).not.toContain('Busy__c')
    })

    it('follow deletes and undeletes of the parent, in bulk and in part', async () => {
      const o = await openOrganisation(open, NOON)
      const { g, p } = await tree(o)
      const kids: SaveRequest[] = [1, 2, 3].map((A__c) => ({
        operation: 'create',
        object: 'K__c',
        values: { Name: 'k', A__c, ...(A__c === 2 ? {} : { P__c: p }) } as Row,
      }))
      await o.engine.save(actor, kids, { mode: 'partial' })
      expect(await o.read(g)).toMatchObject({ Total__c: 4 })
      await o.engine.save(actor, [{ operation: 'delete', object: 'P__c', id: p }])
      expect([await o.read(p), await o.read(g)]).toMatchObject([{ Sum__c: 0 }, { Total__c: 0 }])
      await o.engine.save(actor, [{ operation: 'undelete', object: 'P__c', id: p }])
      expect([await o.read(p), await o.read(g)]).toMatchObject([{ Sum__c: 4 }, { Total__c: 4, Busy__c: 1 }])
    })
  },
  installShipped,
)

const postgres = opener('postgres', installShipped)

it('count the children of transactions that go on side by side', async () => {
  const url = await postgres.url()
  const at = (): ReturnType<typeof organisationAt> =>
    organisationAt((options) => openDatabase({ url, ...options }), NOON)
  const first = await at()
  const { g, p } = await tree(first)
  const second = await at()
  const kid: SaveRequest = { operation: 'create', object: 'K__c', values: { Name: 'k', P__c: p, A__c: 1 } }
  // Two rows a call: those are never put together into one transaction.
  await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? first : second).engine.save(actor, [kid, kid])))
  expect([await first.read(p), await first.read(g)]).toMatchObject([{ Kids__c: 40, Sum__c: 40 }, { Total__c: 40 }])
  for (const o of [first, second]) await o.database.close()
})
