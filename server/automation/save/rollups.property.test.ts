import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import type { Document } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, rollup, ROLLUPS, TREE, wrongRollups } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

/** More in the long run. */
const HISTORIES = Number(process.env.MILEPOST_MODEL_RUNS ?? 3)
const actor = automationActor('model')

/** What may change of a roll-up, or of what it reads. */
const CHANGES = [
  rollup('P__c.Others__c', 'count', 'K__c', 'Q__c', { filter: 'Big__c' }),
  rollup('P__c.Others__c', 'count', 'K__c', 'P__c', { filter: 'Big__c' }),
  rollup('G__c.Busy__c', 'count', 'P__c', 'G__c', { filter: 'Kids__c > 1' }),
  rollup('G__c.Busy__c', 'count', 'P__c', 'G__c', { filter: 'Sum__c > 5' }),
  rollup('P__c.Sum__c', 'sum', 'K__c', 'P__c', { field: 'A__c', filter: 'Big__c' }),
  rollup('P__c.Sum__c', 'sum', 'K__c', 'P__c', { field: 'A__c' }),
  rollup('P__c.Sum__c', 'sum', 'K__c', 'Q__c', { field: 'A__c' }),
  field('K__c.Big__c', 'Formula', { formulaType: 'Checkbox', formula: 'A__c > 5' }),
  field('K__c.Big__c', 'Formula', { formulaType: 'Checkbox', formula: 'A__c < 3' }),
  field('K__c.A__c', 'Currency', { scale: 4 }),
  field('K__c.A__c', 'Currency'),
]

const [which, amount] = [fc.nat(30), fc.constantFrom(null, 0, 1.5, 6, -2.25, 9)]
const values = fc.record({ A__c: amount, D__c: fc.constantFrom(null, '2026-01-31', '2026-03-04') })
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), object: fc.constantFrom('G__c', 'P__c', 'K__c', 'K__c'), under: which, also: which, values }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), object: fc.constantFrom('P__c', 'K__c'), which, under: which, values }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deploy' as const), what: fc.constantFrom(...CHANGES) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'undelete' as const), object: fc.constantFrom('G__c', 'P__c', 'K__c'), which }) },
) // prettier-ignore
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** Ids of what was made, by object. */
type Made = { readonly [object: string]: string[] }
const pick = (ids: readonly string[], n: number): string | null => ids[n % Math.max(1, ids.length)] ?? null

function linksOf(made: Made, object: string, under: number, also: number): Row {
  if (object === 'P__c') return { G__c: pick(made.G__c!, under) }
  return object === 'K__c' ? { P__c: pick(made.P__c!, under), Q__c: pick(made.P__c!, also) } : {}
}

type Saved = Exclude<Command, { do: 'deploy' }>

function requestOf(made: Made, given: Saved): SaveRequest {
  const { object } = given
  if (given.do === 'create')
    return { operation: 'create', object, values: { Name: object, ...linksOf(made, object, given.under, given.also), ...(object === 'K__c' ? given.values : {}) } } // prettier-ignore
  const id = pick(made[object]!, given.which) ?? 'none'
  if (given.do !== 'update') return { operation: given.do, object, id }
  const { P__c: _, ...links } = linksOf(made, object, given.under, given.under)
  return { operation: 'update', object, id, values: { ...links, ...(object === 'K__c' ? given.values : {}) } }
}

/** One call of several rows; what is refused (a deleted parent, a record twice) is left out. */
async function perform(o: Organisation, made: Made, commands: readonly Command[]): Promise<void> {
  for (const given of commands) if (given.do === 'deploy') await deployed(o, given.what)
  const requests = commands.flatMap((given) => (given.do === 'deploy' ? [] : [requestOf(made, given)]))
  const once = requests.filter((r, i) => !('id' in r) || requests.findIndex((s) => 'id' in s && s.id === r.id) === i)
  const results = await o.engine.save(actor, once, { mode: 'partial' })
  for (const { id, object, created } of results) if (id && created) made[object]!.push(id)
}

/** Whether it loses digits or not. */
async function deployed(o: Organisation, document: Document): Promise<void> {
  const changes = [{ kind: document.kind, name: document.name, document }]
  const { planId } = await o.engine.catalogs.plan(actor, changes, { allowDestructive: true })
  expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
}

/** The filters in plain SQL; SQLite holds decimals as whole numbers of their last digit. */
function passes(o: Organisation): { [field: string]: string } {
  const catalog = o.engine.catalogs.current()
  const sql = (text: string, object: string): string =>
    text.replaceAll(/(\w+__c) ([<>]) (\d)/g, (_, name: string, operator: string, n: string) => {
      const { column, scale, storage } = catalog.object(object)!.field(name)!
      const scaled = o.database.dialect === 'sqlite' && storage === 'decimal' ? Number(n) * 10 ** scale : n
      const blank = object === 'K__c' ? 'coalesce' : ''
      return `${blank}(c."${column}"${blank ? ', 0' : ''}) ${operator} ${scaled}`
    })
  const big = catalog.object('K__c')!.field('Big__c')!.formula!.source
  const filtered = ['P__c.Others__c', 'P__c.Sum__c', 'G__c.Busy__c'].map((name) => {
    const { object, filter } = catalog.object(name.split('.')[0]!)!.field(name.split('.')[1]!)!.rollup!
    return [name, filter === undefined ? '1 = 1' : sql(filter === 'Big__c' ? big : filter, object)] as const
  })
  return Object.fromEntries(filtered)
}

describeDatabases(
  'after any history',
  (open) => {
    it('a roll-up is what a fresh aggregate gives', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(command, { minLength: 1, maxLength: 5 }), { minLength: 6, maxLength: 14 }), async (calls) => {
          const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
          await deploy(o, ...TREE, ...ROLLUPS)
          const made: Made = { G__c: [], P__c: [], K__c: [] }
          for (const commands of calls) {
            await perform(o, made, commands)
            expect(await wrongRollups(o, passes(o))).toEqual([])
          }
          await o.database.close()
        }),
        { numRuns: HISTORIES },
      ) // prettier-ignore
    }, 120_000)
  },
  installShipped,
)
