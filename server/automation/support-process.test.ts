import { expect, it } from 'vitest'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from './testing/organisation.ts'

describeDatabases('Standard Support Process', (open) => {
  it('starts both milestones with the targets of the priority, in business hours', async () => {
    const o = await openOrganisation(open, '2026-03-06T21:00:00Z') // Friday 16:00 in New York
    const id = await o.create('Case', { Subject: 'Router is down', Priority: 'High', Status: 'New', ContactId: o.ids.contact! }, 'ana')
    const milestones = await o.rows('RecordMilestone')
    expect(milestones.map((m) => [m.Name, m.Status, m.TargetDate]).sort()).toEqual([
      ['First_Response', 'Running', '2026-03-09T16:00:00.000Z'], // 1 h on Friday, 3 h on Monday; the clocks go forward on Sunday
      ['Resolution_Time', 'Running', '2026-03-10T20:00:00.000Z'],
    ])
    expect(await o.read(id)).toMatchObject({ MilestoneStatus: 'Compliant', NextTargetDate: '2026-03-09T16:00:00.000Z', SlaStartDate: '2026-03-06T21:00:00.000Z' })
  })
}, installShipped)
