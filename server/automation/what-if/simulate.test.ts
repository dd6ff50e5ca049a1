import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document, EntitlementProcessDocument } from '#metadata'
import { formatInstant } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

const START = Date.UTC(2026, 2, 9, 8, 0)
const HOUR = 3_600_000
const admin = automationActor('test')

/** After how many hours ten cases are solved; those at five and six are urgent from the beginning. */
const SOLVED = [1, 2, 3, 3.5, 4, 4.5, 5, 6, 7, 8]
/** The one that waits from the first hour to the second. */
const PENDING = SOLVED.indexOf(3.5)

const object: Document = {
  kind: 'Object', name: 'Job__c', label: 'Job', pluralLabel: 'Jobs', nameField: { label: 'Name', type: 'Text' }, enableProcesses: true, closedWhen: 'FALSE',
} // prettier-ignore
const field = (name: string, more: object): Document =>
  ({ kind: 'Field', name: `Job__c.${name}`, label: name, ...more }) as Document
const process = (version: number, more: object): EntitlementProcessDocument => ({
  kind: 'EntitlementProcess', name: `Jobs_v${version}`, process: 'Jobs', version, label: 'Jobs', object: 'Job__c',
  status: version === 1 ? 'active' : 'draft', isDefault: version === 1, businessHours: 'Always', milestones: [], ...more,
}) // prettier-ignore
const rule: Document = {
  kind: 'AutoApplyRule', name: 'Jobs_Rule', object: 'Job__c', order: 1, when: 'always', apply: { process: 'Jobs' },
} as Document // prettier-ignore

const solve = { name: 'Solve', milestone: 'Answer', completion: [{ when: 'ISPICKVAL(Status__c, "Solved")' }] }
const first = process(1, { milestones: [{ ...solve, target: { hours: 4 } }] })
const reading = process(2, {
  pauses: [{ name: 'Pending', when: 'ISPICKVAL(Status__c, "Pending")' }],
  milestones: [
    { ...solve, name: 'Urgent', when: 'ISPICKVAL(Priority__c, "P1")', target: { hours: 6 } },
    { ...solve, target: { hours: 3 } },
  ],
})
const criteria = process(3, { milestones: [{ ...solve, when: 'Proc__c = "SIMA"', target: { hours: 4 } }] })

const picklist = (...values: string[]) => ({
  type: 'Picklist',
  valueSet: { restricted: true, values: values.map((value) => ({ value })) },
})

async function tenJobs(o: Organisation, trackHistory: boolean): Promise<void> {
  await o.create('BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
  await o.create('Milestone', { Name: 'Answer', RecurrenceType: 'None' })
  const fields = [
    field('Status__c', { ...picklist('New', 'Pending', 'Solved'), trackHistory }),
    field('Priority__c', { ...picklist('P1', 'P2'), trackHistory }),
    field('Proc__c', { type: 'Text', trackHistory }),
  ]
  await deploy(o, object, ...fields, first, rule, reading, criteria)
  const ids: string[] = []
  for (const hours of SOLVED) {
    const Priority__c = hours === 5 || hours === 6 ? 'P1' : 'P2'
    ids.push(await o.create('Job__c', { Name: `${hours} h`, Status__c: 'New', Priority__c, Proc__c: 'SIMA' }))
  }
  const changes = [
    ...SOLVED.map((hours, n) => ({ hours, n, Status__c: 'Solved' })),
    { hours: 1, n: PENDING, Status__c: 'Pending' },
    { hours: 2, n: PENDING, Status__c: 'New' },
  ].sort((a, b) => a.hours - b.hours)
  for (const { hours, n, Status__c } of changes) {
    await o.at(formatInstant(START + hours * HOUR))
    await o.update('Job__c', ids[n]!, { Status__c })
  }
  await o.at(formatInstant(START + 10 * HOUR))
}

describeDatabases(
  'a draft over the past, which reads fields that the version before did not read',
  (open) => {
    it('knows the priority since the creation, from field history', async () => {
      const o = await openOrganisation(open, formatInstant(START))
      await tenJobs(o, true)
      const report = await o.engine.processes.simulate(admin, 'Jobs_v2')
      expect(report).toMatchObject({ records: 10, unknown: [], milestones: [{ today: { met: 5, missed: 5 }, simulated: { met: 6, missed: 4 } }] }) // prettier-ignore
    })

    it('knows a text that all criteria read', async () => {
      const o = await openOrganisation(open, formatInstant(START))
      await tenJobs(o, true)
      const report = await o.engine.processes.simulate(admin, 'Jobs_v3')
      expect(report).toMatchObject({ records: 10, unknown: [], changes: [] })
    })

    it('says of which records it is not known, where the field has no history and no process read it', async () => {
      const o = await openOrganisation(open, formatInstant(START))
      await tenJobs(o, false)
      const untouched = await o.create('Job__c', { Name: 'As it was made', Priority__c: 'P1', Proc__c: 'SIMA' })
      const { unknown } = await o.engine.processes.simulate(admin, 'Jobs_v2')
      const solved = (await o.rows('Job__c')).map((row) => String(row.Id)).filter((id) => id !== untouched)
      expect(unknown.map(({ recordId }) => recordId).sort()).toEqual(solved.sort())
      // When a job was solved is in the log of the version that waited for it; that it was pending in between is not.
      expect(unknown.filter(({ fields }) => fields.includes('Status__c'))).toHaveLength(1)
      expect(unknown.every(({ fields }) => fields.includes('Priority__c'))).toBe(true)
    })
  },
  installShipped,
)
