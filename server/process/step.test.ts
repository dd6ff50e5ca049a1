import { describe, expect, it } from 'vitest'
import { formatInstant } from '#util'
import { rowsOf } from './rows.ts'
import { compiled, Driver, minute, T0 } from './testing.ts'

const row = { CreatedDate: formatInstant(T0), Priority: 'High', Status: 'New', OwnerId: 'u1' }

describe('one milestone', () => {
  const process = compiled({
    milestones: [
      {
        name: 'High', milestone: 'Response', when: 'ISPICKVAL(Priority, "High")', target: { minutes: 60 },
        completion: [{ when: 'ISPICKVAL(Status, "Working")' }],
        warnings: [{ before: { minutes: 30 }, actions: ['Tell'] }], violations: [{ after: { minutes: 0 }, actions: ['Escalate'] }], successActions: ['Thank'],
      },
      { name: 'Low', milestone: 'Response', when: 'ISPICKVAL(Priority, "Low")', target: { minutes: 240 }, warnings: [{ before: { minutes: 30 }, actions: ['Tell'] }] },
    ],
  }) // prettier-ignore
  const driver = (): Driver => {
    const d = new Driver(process)
    d.save(T0, row)
    return d
  }
  const first = (d: Driver) => rowsOf(d.rules, d.state).milestones[0]!.fields

  it('starts with the process and has its target', () => {
    expect(first(driver())).toMatchObject({
      Status: 'Running',
      StartDate: formatInstant(T0),
      TargetDate: formatInstant(minute(60)),
      Cycle: 1,
      Run: 1,
    })
  })
  it('warns, violates and fires at their instants', () => {
    const d = driver()
    d.run(minute(300))
    expect(d.actions.map((a) => [a.name, a.due - T0])).toEqual([
      ['Tell', 30 * 60_000],
      ['Escalate', 60 * 60_000 + 1],
    ])
    expect(first(d)).toMatchObject({ Status: 'Overdue', IsViolated: true, ViolatedAt: formatInstant(minute(60)) })
  })
  it('is re-targeted when another item applies', () => {
    const d = driver()
    d.save(minute(10), { Priority: 'Low' })
    expect(first(d)).toMatchObject({
      Item: 'Low',
      TargetDate: formatInstant(minute(240)),
      StartDate: formatInstant(T0),
    })
  })
  it('completes by rule', () => {
    const d = driver()
    d.save(minute(20), { Status: 'Working' })
    expect(first(d)).toMatchObject({
      Status: 'Met',
      CompletionDate: formatInstant(minute(20)),
      ElapsedMinutes: 20,
      CompletedBy: 'rule',
    })
    expect(d.actions.map((a) => a.name)).toEqual(['Thank'])
  })
  it('is cancelled when no item applies and by the exit', () => {
    const d = driver()
    d.save(minute(20), { Priority: 'Medium' })
    expect(first(d)).toMatchObject({ Status: 'Cancelled', CancelReason: 'criteria no longer hold' })
    const e = driver()
    e.save(minute(20), { Status: 'Closed' })
    expect(first(e)).toMatchObject({ Status: 'Cancelled', CancelReason: 'process exit' })
  })
})
