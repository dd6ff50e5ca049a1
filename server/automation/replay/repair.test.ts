import { expect, it } from 'vitest'
import { quote } from '#database'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'

const START = '2026-03-06T15:00:00Z'

async function livedCase(o: Organisation): Promise<string> {
  const id = await o.create('Case', { Subject: 'x', Priority: 'High', Status: 'New', ContactId: o.ids.contact! }, 'ana')
  await o.at('2026-03-06T18:30:00Z')
  await o.update('Case', id, { Priority: 'Critical' }, 'ana')
  await o.at('2026-03-06T21:00:00Z')
  return id
}

const spoil = (o: Organisation, object: string, set: string, where = '') => {
  const def = o.engine.catalogs.current().object(object)!
  const [field, value] = set.split('=')
  const column = quote(def.field(field!)!.column!)
  return o.database.transaction((tx) => tx.run(`UPDATE ${quote(def.table)} SET ${column} = ${value}${where}`))
}

describeDatabases(
  'repair',
  (open) => {
    it('finds nothing to mend in what the engine wrote, and the fold of the log is the state', async () => {
      const o = await openOrganisation(open, START)
      await livedCase(o)
      const seen: string[] = []
      expect(await o.engine.repair({ tell: (d) => seen.push(d.text) })).toMatchObject({ records: 1, differences: 0 })
      expect(seen).toEqual([])
    })

    it('says in words what was decided and why', async () => {
      const o = await openOrganisation(open, START)
      await livedCase(o)
      const texts = (await o.rows('MilestoneEvent')).sort((a, b) => Number(a.Seq) - Number(b.Seq)).map((e) => e.Text)
      expect(texts[0]).toBe(
        [
          'Because of a save',
          'The record took up the process: Standard_Support_v1',
          'The record entered the process, 2026-03-06 15:00',
          'First Response started, target 2026-03-06 19:00 in US Support',
          'Resolution Time started, target 2026-03-10 14:00 in US Support',
        ].join('\n'),
      )
      expect(texts[2]).toMatch(
        /^Because of a save\nFirst Response got another target \(2026-03-06 19:00 → 2026-03-06 16:00\) in US Support: item First_Response_Critical applies/m,
      )
    })

    it('names what differs and writes what the log says, once', async () => {
      const o = await openOrganisation(open, START)
      const id = await livedCase(o)
      const before = [await o.rows('RecordMilestone'), await o.rows('MilestoneTimer'), await o.read(id)]
      await spoil(o, 'RecordMilestone', "Status='Met'")
      await spoil(o, 'Case', "MilestoneStatus='Compliant'")
      await o.database.transaction((tx) => tx.run('DELETE FROM process_state'))
      const texts: string[] = []
      await o.engine.repair({ tell: (d) => texts.push(`${d.object}: ${d.text}`) })
      expect(texts).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^process_state: there is no state/),
          expect.stringMatching(/^RecordMilestone: 1\.First Response\.1: Status is "Met", the log says "Overdue"/),
          expect.stringMatching(/^Case: .*MilestoneStatus is "Compliant", the log says "Open Violation"/),
        ]),
      )
      expect(await o.engine.repair({ write: true })).toMatchObject({ differing: 1 })
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
      expect([await o.rows('RecordMilestone'), await o.rows('MilestoneTimer'), await o.read(id)]).toEqual(before)
    })

    it('says that a log with a hole can not be replayed, and writes nothing', async () => {
      const o = await openOrganisation(open, START)
      await livedCase(o)
      const object = o.engine.catalogs.current().object('MilestoneEvent')!
      await o.database.transaction((tx) =>
        tx.run(`DELETE FROM ${quote(object.table)} WHERE ${quote(object.field('Seq')!.column!)} = 2`),
      )
      const texts: string[] = []
      expect(await o.engine.repair({ write: true, tell: (d) => texts.push(d.text) })).toMatchObject({ mended: 0 })
      expect(texts).toEqual([expect.stringMatching(/entry 2 is 3/)])
    })
  },
  installShipped,
)
