import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { ROLLUPS, TREE, wrongRollups } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

/** More in the long run. */
const HISTORIES = Number(process.env.MILEPOST_MODEL_RUNS ?? 3)
const actor = automationActor('model')

const [which, amount] = [fc.nat(30), fc.constantFrom(null, 0, 1.5, 6, -2.25, 9)]
const values = fc.record({ A__c: amount, D__c: fc.constantFrom(null, '2026-01-31', '2026-03-04') })
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), object: fc.constantFrom('G__c', 'P__c', 'K__c', 'K__c'), under: which, also: which, values }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), object: fc.constantFrom('P__c', 'K__c'), which, under: which, values }) },
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

function requestOf(made: Made, given: Command): SaveRequest {
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
  const requests = commands.map((given) => requestOf(made, given))
  const once = requests.filter((r, i) => !('id' in r) || requests.findIndex((s) => 'id' in s && s.id === r.id) === i)
  const results = await o.engine.save(actor, once, { mode: 'partial' })
  for (const { id, object, created } of results) if (id && created) made[object]!.push(id)
}

const PASSES = { 'G__c.Busy__c': 'c."c_kids_c" > 1' }

describeDatabases(
  'after any history',
  (open) => {
    it('a roll-up is what a fresh aggregate gives', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(command, { minLength: 1, maxLength: 5 }), { minLength: 6, maxLength: 14 }), async (calls) => {
          const o = await openOrganisation(open, '2026-03-04T17:00:00Z')
          await deploy(o, ...TREE, ...ROLLUPS)
          const made: Made = { G__c: [], P__c: [], K__c: [] }
          const big = `c."c_a_c" > ${o.database.dialect === 'sqlite' ? 500 : 5}`
          for (const commands of calls) {
            await perform(o, made, commands)
            expect(await wrongRollups(o, { ...PASSES, 'P__c.Others__c': big })).toEqual([])
          }
          await o.database.close()
        }),
        { numRuns: HISTORIES },
      ) // prettier-ignore
    }, 120_000)
  },
  installShipped,
)
