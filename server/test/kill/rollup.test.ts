import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { openDatabase } from '#database'
import { describeDatabases } from '#test/databases'
import { pendingEntries } from '../../automation/journal/store.ts'
import { installShipped, openOrganisation, organisationAt } from '../../automation/testing/organisation.ts'
import type { Organisation } from '../../automation/testing/organisation.ts'
import { rollup, TREE } from '../../automation/testing/rollup-world.ts'
import { deploy } from '../../automation/testing/simple-process.ts'
import { live } from './victim.ts'

const AT = '2026-03-09T13:02:00.000Z'
const PARENTS = 2_100
const actor = automationActor('test')

async function inOrganisation<T>(made: Promise<Organisation>, work: (o: Organisation) => Promise<T>): Promise<T> {
  const o = await made
  const result = await work(o)
  await o.engine.stop()
  await o.database.close()
  return result
}

/** Parents of which every third has a child, and then a field that counts them: too many to be counted with the change itself. */
async function makeFamilies(o: Organisation): Promise<void> {
  await deploy(o, ...TREE)
  const create = async (object: string, rows: readonly { Name: string; P__c?: string }[]) =>
    (await o.engine.save(actor, rows.map((values) => ({ operation: 'create', object, values })))).map((r) => r.id!) // prettier-ignore
  const parents = await create(
    'P__c',
    Array.from({ length: PARENTS }, (_, n) => ({ Name: `p${n}` })),
  )
  await create('K__c', parents.filter((_, n) => n % 3 === 0).map((P__c) => ({ Name: 'k', P__c }))) // prettier-ignore
  await deploy(o, rollup('P__c.Kids__c', 'count', 'K__c', 'P__c'))
}

interface Progress {
  readonly calculating: boolean
  readonly waiting: number
  /** Rows by the value of the new field. */
  readonly rows: { readonly [value: string]: number }
}

async function progress(o: Organisation): Promise<Progress> {
  const field = o.engine.catalogs.current().object('P__c')!.field('Kids__c')!
  const rows = Object.groupBy(await o.rows('P__c'), (row) => String(row.Kids__c ?? null))
  return {
    calculating: field.calculating === true,
    waiting: (await pendingEntries(o.database, 10)).length,
    rows: Object.fromEntries(Object.entries(rows).map(([value, of]) => [value, of!.length])),
  }
}

describeDatabases(
  'kill -9 amid the calculation of a new roll-up',
  (open) => {
    it(
      'keeps the batches that were committed, and the next start goes on from there',
      { timeout: 300_000 },
      async () => {
        const url = await open.url()
        const look = () =>
          inOrganisation(
            organisationAt((options) => openDatabase({ url, ...options }), AT),
            progress,
          )
        const counted = async () => PARENTS - ((await look()).rows.null ?? 0)
        await inOrganisation(
          openOrganisation((options) => openDatabase({ url, ...options }), AT),
          makeFamilies,
        )
        const life = { url, from: AT, to: AT, stepMs: 120_000, contact: '' }
        let before = await counted()
        for (const hold of [1, 3, 2]) {
          expect(await live({ ...life, hold })).toMatchObject({ held: true, done: false })
          const { calculating, waiting } = await look()
          expect([calculating, waiting > 0]).toEqual([true, true])
          // Written and not committed is gone, whole batches before are not; one of the commits may be of other work.
          const batches = ((await counted()) - before) / 200
          expect([hold - 1, Math.max(hold - 2, 0)]).toContain(batches)
          before += batches * 200
        }
        expect(before).toBeLessThan(PARENTS)
        expect(await live(life)).toMatchObject({ done: true })
        expect(await look()).toEqual({ calculating: false, waiting: 0, rows: { 0: 1_400, 1: 700 } })
      },
    )
  },
  installShipped,
)
