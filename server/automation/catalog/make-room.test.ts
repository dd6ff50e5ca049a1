import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { ddl, inspect } from '#database'
import type { Document } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, TREE } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

const actor = automationActor('test')
const FIELDS = 300

/** All of them hold numbers of this scale. */
const fields = (scale: number, count = FIELDS): Document[] =>
  Array.from({ length: count }, (_, i) => field(`K__c.N${i}__c`, 'Number', { precision: 18, scale }))

const plan = (o: Organisation, documents: readonly Document[], options = {}) =>
  o.engine.catalogs.plan(actor, documents.map((document) => ({ kind: document.kind, name: document.name, document })), options) // prettier-ignore

const columnsOf = async (o: Organisation) =>
  (await inspect(o.database, o.database.dialect)).get(o.engine.catalogs.current().object('K__c')!.table)!

async function kid(o: Organisation, values: Row): Promise<string> {
  const P__c = await o.create('P__c', { Name: 'p' })
  return o.create('K__c', { Name: 'k', P__c, ...values })
}

/** A value in every field. */
const filled = (count = FIELDS): Row =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`N${i}__c`, '1234567.5']))

/** Changes the scale of all fields, an hour after the last change; gives what the plan loses. */
async function rescale(o: Organisation, scale: number): Promise<readonly string[]> {
  o.clock.set(o.clock.now() + 3_600_000)
  const asked = await plan(o, fields(scale))
  expect(asked.findings.map((f) => f.code)).toEqual(asked.losses.length > 0 ? ['DESTRUCTIVE'] : [])
  const { planId } = asked.losses.length > 0 ? await plan(o, fields(scale), { allowDestructive: true }) : asked
  expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
  return asked.losses
}

describeDatabases(
  'the number of columns that a database takes',
  (open) => {
    it('many changes of the scale of many fields give up the former columns left first, once somebody agrees', async () => {
      const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
      await deploy(o, ...TREE, ...fields(1))
      const id = await kid(o, { N0__c: '1234567.5', N299__c: '-0.5' })
      const values = async () =>
        [(await o.read(id)).N0__c, (await o.read(id)).N299__c, (await o.read(id)).Name].map(String)
      const before = await columnsOf(o)
      const most = ddl[o.database.dialect].mostColumns
      let lost = 0
      for (let scale = 2; scale <= 8; scale++) {
        const has = (await columnsOf(o)).columns.size
        const losses = await rescale(o, scale)
        expect(losses.length).toBe(has + FIELDS > most ? 1 : 0)
        for (const text of losses)
          expect(text).toMatch(
            `The table of K__c has ${has.toLocaleString('en')} columns, ${(has - before.columns.size).toLocaleString('en')} of them former ones of its fields, this change needs 300 more, and the database takes ${most.toLocaleString('en')}: so 300 former columns, those left until`,
          )
        lost += losses.length
        expect((await columnsOf(o)).columns.size).toBe(before.columns.size + FIELDS * (scale - 1 - lost))
        expect((await values()).map((v) => v.replace(/0+$/, ''))).toEqual(['1234567.5', '-0.5', 'k'])
      }
      expect(lost).toBeGreaterThan(1)
      const after = await columnsOf(o)
      expect([...after.foreignKeys.values()]).toEqual([...before.foreignKeys.values()])
      expect([...after.indexes.keys()].sort()).toEqual([...before.indexes.keys()].sort())
      // Others still point to it, and it to them.
      expect((await o.engine.save(actor, [{ operation: 'create', object: 'K__c', values: { Name: 'more', P__c: (await o.read(id)).P__c! } }]))[0]!.errors).toEqual([]) // prettier-ignore
      expect(await o.engine.catalogs.planUndo(actor, o.engine.catalogs.current().version)).toMatchObject({ findings: [], losses: [] }) // prettier-ignore
    }, 120_000)

    it('records that are full of former values give them up where the database takes no larger row', async () => {
      const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
      await deploy(o, ...TREE, ...fields(1))
      const id = await kid(o, filled())
      const lost: string[] = []
      for (let scale = 2; scale <= 5; scale++) lost.push(...(await rescale(o, scale)))
      const expected = expect.stringMatching(/^With the former values .* record of K__c would take about .* bytes/)
      expect(lost).toEqual(o.database.dialect === 'postgres' ? [expected, expected, expected] : [])
      expect([Number((await o.read(id)).N0__c), Number((await o.read(id)).N299__c)]).toEqual([1234567.5, 1234567.5])
    }, 120_000)

    it('a row that would be too large says so, and nothing is changed', async () => {
      const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
      await deploy(o, ...TREE, ...fields(1, 470))
      await kid(o, filled(470))
      const { planId, findings } = await plan(o, fields(2, 470))
      expect(findings).toEqual([])
      const applied = await o.engine.catalogs.apply(actor, planId)
      expect(applied.findings.map((f) => f.code)).toEqual(o.database.dialect === 'postgres' ? ['TOO_LARGE'] : [])
    }, 120_000)

    it('a change that needs more than giving up former columns makes room for is refused in words', async () => {
      const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
      const places = (name: string, count: number): Document[] =>
        Array.from({ length: count }, (_, i) => field(`K__c.${name}${i}__c`, 'Geolocation'))
      await deploy(o, ...TREE, ...places('A', 700))
      const { planId } = await o.engine.catalogs.plan(actor, places('A', 700).map((d) => ({ kind: 'Field', name: d.name, document: null })), { allowDestructive: true }) // prettier-ignore
      expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
      const refused = await plan(o, places('B', 700), { allowDestructive: true })
      expect(refused.findings).toMatchObject([{ code: 'TOO_MANY_COLUMNS' }])
      expect(refused.findings[0]!.message).toMatch(/^The table of K__c has 1,4\d\d columns, 0 of them former/)
      expect((await o.engine.catalogs.apply(actor, refused.planId)).findings[0]!.code).toBe('PLAN_HAS_ERRORS')
    }, 120_000)
  },
  installShipped,
)
