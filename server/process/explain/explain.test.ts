import { describe, expect, it } from 'vitest'
import { compileCalendar } from '#business-hours'
import { parseInstant } from '#util'
import { compiled, Driver } from '../testing.ts'
import { explain } from './explain.ts'
import { explainRecord, recordDetails } from './record.ts'

const at = (text: string) => parseInstant(`2026-03-${text}:00Z`)!
const NOW = at('20T12:00')
const reader = { now: NOW, timeZone: 'UTC', sees: () => true, labelOf: (object: string) => `${object}!` }
const nine = [['09:00', '17:00']] as const
const EMEA = {
  name: 'EMEA hours',
  timeZone: 'UTC',
  hours: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine },
  holidays: [{ name: 'Fair', date: '2026-03-10' }],
}

const process = compiled({
  pauses: [{ name: 'wait', when: 'ISPICKVAL(Status, "Waiting")', reason: 'waiting on customer' }],
  milestones: [
    {
      name: 'resolve',
      milestone: 'Resolution',
      target: { hours: 4 },
      warnings: [{ before: { minutes: 30 }, actions: ['W'] }],
    },
    { name: 'survey', milestone: 'Survey', after: ['Resolution'], target: { hours: 1 } },
    { name: 'vip', milestone: 'Visit', when: 'Flag', target: { hours: 1 }, completion: [{ when: 'Done' }] },
  ],
})

function friday(): Driver {
  const d = new Driver(process, { hours: [EMEA], organisation: 'EMEA hours' })
  d.save(at('06T16:00'), { CreatedDate: '2026-03-06T16:00:00.000Z', Status: 'New' })
  d.save(at('09T09:25'), { Status: 'Waiting' })
  d.save(at('09T10:00'), { Status: 'New' })
  return d
}

describe('explain', () => {
  it('says start, goal, hours, what was skipped and what was paused', () => {
    const d = friday()
    const { text, details, data } = explain(d.rules, d.state, '1.Resolution.1', reader)!
    expect(text.split('\n')[0]).toBe(
      'Target 9 Mar 12:35 UTC = start 6 Mar 16:00 UTC + 4 h in *EMEA hours*; weekend 64 h skipped; paused 35 min (waiting on customer).',
    )
    expect(text).toContain('Promised by *Care*, version 1; started with the process.')
    expect(details).toBe('Item resolve of Care_v1, run 1, cycle 1.')
    expect(text).toContain("Hours *EMEA hours* from the organisation's default; time zone UTC, that of these hours.")
    expect(data['hours']).toMatchObject({ name: 'EMEA hours', version: expect.stringMatching(/^[0-9a-f]{8,}/) })
    expect(text).toContain('Next: warning at 9 Mar 12:05 UTC.')
    expect(text).toContain('Next: violated if still open after 9 Mar 12:35 UTC.')
    const segments = data['segments'] as { kind: string; minutes: number }[]
    expect(segments.map((s) => `${s.kind} ${s.minutes}`)).toEqual([
      'counted 60',
      'skipped 3840',
      'counted 25',
      'paused 35',
      'counted 155',
    ])
    expect(segments.filter((s) => s.kind === 'counted').reduce((sum, s) => sum + s.minutes, 0)).toBe(240)
  })
  it('says who set a target by hand and why, and what would be without it', () => {
    const d = friday()
    d.hand(at('09T10:30'), {
      kind: 'setTarget',
      instance: '1.Resolution.1',
      target: at('11T15:00'),
      reason: 'agreed with the customer',
      movesWithPauses: true,
    })
    const lines = () => explain(d.rules, d.state, '1.Resolution.1', reader)!.text.split('\n')
    expect(lines().slice(0, 2)).toEqual([
      'Target 11 Mar 15:00 UTC, set by hand 9 Mar 10:30 UTC by U1: agreed with the customer. Pauses since then move it.',
      'Without it: Target 9 Mar 12:35 UTC = start 6 Mar 16:00 UTC + 4 h in *EMEA hours*; weekend 64 h skipped; paused 35 min (waiting on customer).',
    ])
    d.save(at('11T09:00'), { Status: 'Waiting' })
    d.save(at('11T09:10'), { Status: 'New' })
    expect(lines()[0]).toMatch(/^Target 11 Mar 15:10 UTC \(at first 11 Mar 15:00 UTC\), set by hand/)
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.data['manualTarget']).toEqual({
      target: '2026-03-11T15:00:00.000Z',
      setAt: '2026-03-09T10:30:00.000Z',
      movesWithPauses: true,
      reason: 'agreed with the customer',
      userId: 'U1',
    })
    d.hand(at('11T09:20'), { kind: 'clearTarget', instance: '1.Resolution.1' })
    expect(lines()[0]).toMatch(/^Target 9 Mar 12:35 UTC = start/)
  })
  it('names the holiday', () => {
    const d = new Driver(process, { hours: [EMEA], organisation: 'EMEA hours' })
    d.save(at('09T15:00'), { CreatedDate: '2026-03-09T15:00:00.000Z' })
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.text).toMatch(
      /Target 11 Mar 11:00 UTC = start 9 Mar 15:00 UTC \+ 4 h in \*EMEA hours\*; closed hours 16 h skipped; holiday Fair 24 h skipped\./,
    )
  })
  it('says how it ended, and by how much', () => {
    const d = friday()
    d.hand(at('09T13:35'), { kind: 'complete', instance: '1.Resolution.1' })
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.text).toContain(
      'Completed 9 Mar 13:35 UTC by hand (U1), 1 h late.',
    )
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.text).toContain(
      'Violated: target 9 Mar 12:35 UTC passed.',
    )
  })
  it('says of a lateness outside the hours that no work time passed', () => {
    const d = friday()
    d.hand(at('09T10:30'), { kind: 'pause', reason: 'parts' })
    d.hand(at('09T14:55'), { kind: 'resume' })
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.text).toContain('Target 9 Mar 17:00 UTC')
    d.hand(at('09T19:30'), { kind: 'complete', instance: '1.Resolution.1' })
    expect(explain(d.rules, d.state, '1.Resolution.1', reader)!.text).toContain(
      'Completed 9 Mar 19:30 UTC by hand (U1), 2 h 30 min late, all of it outside the hours.',
    )
  })
  it('says while it is paused what is left, and that the target stands', () => {
    const d = friday()
    d.hand(at('09T11:00'), { kind: 'pause', reason: 'parts' })
    const { text, data } = explain(d.rules, d.state, '1.Resolution.1', reader)!
    expect(text).toContain(
      'Target 9 Mar 12:35 UTC = start 6 Mar 16:00 UTC + 4 h in *EMEA hours*; weekend 64 h skipped; paused 35 min',
    )
    expect(text).toContain('Paused since 9 Mar 11:00 UTC (parts): 1 h 35 min were left; the target stands')
    expect(data['pauses']).toMatchObject([{}, { from: '2026-03-09T11:00:00.000Z', to: null, reason: 'parts' }])
  })
  it('names the rule that completed it', () => {
    const d = friday()
    d.save(at('09T10:30'), { Flag: true })
    d.save(at('09T10:45'), { Done: true })
    expect(explain(d.rules, d.state, '1.Visit.1', reader)!.text).toContain(
      'Completed 9 Mar 10:45 UTC by its rule (Done is checked), 1 h 10 min late.',
    )
    expect(explain(d.rules, d.state, '1.Visit.1', reader)!.details).toBe(
      'Item vip of Care_v1 (criteria Flag), run 1, cycle 1.\nCompleted by rule 1 (Done).',
    )
  })
  it('speaks of whole minutes, whatever the milliseconds', () => {
    const d = friday()
    d.hand(at('09T10:10') + 12_345, { kind: 'pause', reason: 'lunch' })
    d.hand(at('09T10:40') + 45_678, { kind: 'resume' })
    d.hand(at('09T10:50') + 1, { kind: 'pause', reason: 'a call' })
    d.hand(at('09T10:50') + 30_000, { kind: 'resume' })
    const { text } = explain(d.rules, d.state, '1.Resolution.1', reader)!
    expect(text).toContain('paused 30 min (lunch); paused less than a minute (a call).')
    expect(text).not.toMatch(/\d (ms|s)\b|\d:\d\d:\d/)
  })
  it('says why milestones do not run', () => {
    const d = friday()
    expect(explainRecord(d.rules, d.state, 'Thing', reader)).toEqual([
      'Care, version 1: running since 6 Mar 16:00 UTC.',
      'Resolution: Running.',
      'Survey: not started: it waits for Resolution.',
      'Visit: not started: its criteria do not hold.',
    ])
    expect(recordDetails(d.rules, d.state)).toEqual(['Care_v1, run 1.', 'Resolution: item resolve of Care_v1.'])
    expect(explainRecord(d.rules, d.state, 'Other', reader)).toEqual([
      'Care is a process for Thing!, not for Other!: it does nothing here.',
    ])
  })
  it('speaks of a promise in the words of labels, and of formulas in the details', () => {
    const mail = 'AND(NOT(Incoming), REGEX(Id, "m.*"))'
    const labelled = compiled({
      milestones: [
        { name: 'p1', milestone: 'A', when: 'ISPICKVAL(Priority, "High")', target: { hours: 1 } },
        { name: 'p2', milestone: 'A', when: 'AND(REGEX(OwnerId, "u.*"), NOT(Flag))', target: { hours: 9 }, completion: [{ object: 'Mail', through: 'ParentId', when: mail }] }, // prettier-ignore
      ],
    })
    const d = new Driver(labelled)
    d.save(at('09T09:00'), { CreatedDate: '2026-03-09T09:00:00.000Z', Priority: 'High', OwnerId: 'u1' })
    d.save(at('09T10:30'), { Priority: 'Low' })
    const explained = (sees = true) => explain(d.rules, d.state, '1.A.1', { ...reader, sees: () => sees })!
    expect(explained().text).toContain(
      'Promised by *Care*, version 1, where Flag is not checked and a further condition holds; started',
    )
    expect(explained().text).toContain('superseded 9 Mar 10:30 UTC (another promise of the process applies).')
    d.related(at('09T11:00'), 'Mail', { Id: 'm1', ParentId: 'rec', CreatedDate: '2026-03-09T11:00:00.000Z' })
    expect(explained().text).toContain('by its rule on Mail! (Incoming is not checked and a further condition holds), 7 h before the target.') // prettier-ignore
    expect(explained().text).not.toMatch(/REGEX|ISPICKVAL|p2|rule 1|_v1|m1/)
    expect(explained().details).toBe(
      `Item p2 of Care_v1 (criteria AND(REGEX(OwnerId, "u.*"), NOT(Flag))), run 1, cycle 1.\nCompleted by rule 1 on Mail (m1) (${mail}).`,
    )
    expect(explained(false).text).toContain('Promised by *Care*, version 1; started')
    expect(explained(false).text).toContain('by its rule, 7 h before the target.')
    expect(`${explained(false).text}${explained(false).details}`).not.toMatch(/REGEX|Flag|Incoming/)
  })
  it('names the zone of each instant, the year when it is not this one, and the change of the clock between', () => {
    const hours = { name: 'New York', timeZone: 'America/New_York', always: true }
    const d = new Driver(process, { hours: [hours], organisation: 'New York' })
    d.save(parseInstant('2026-03-08T06:00:00Z')!, { CreatedDate: '2026-03-08T06:00:00.000Z' })
    const explained = (now: string) =>
      explain(d.rules, d.state, '1.Resolution.1', { ...reader, now: parseInstant(now)! })!
    const { text, data } = explained('2026-05-01T12:00:00Z')
    expect(text.split('\n')[0]).toBe(
      'Target 8 Mar 06:00 EDT = start 8 Mar 01:00 EST + 4 h in *New York*; clocks went forward 1 h (8 Mar 03:00 EDT).',
    )
    expect(data['clockChanges']).toEqual([{ at: '2026-03-08T07:00:00.000Z', minutes: 60, timeZone: 'America/New_York' }]) // prettier-ignore
    expect(explained('2027-01-01T05:00:00Z').text).toMatch(/^Target 8 Mar 2026 06:00 EDT = start 8 Mar 2026 01:00 EST/)
    expect(explained('2027-01-01T04:59:59Z').text).toMatch(/^Target 8 Mar 06:00 EDT/)
  })
  it('says that the zone is the one that the record names', () => {
    const zoned = compiled({ timeZoneField: 'Zone', milestones: [{ name: 'a', milestone: 'A', target: { hours: 4 } }] })
    const d = new Driver(zoned)
    const { calendar } = compileCalendar({ ...EMEA, timeZone: 'Europe/Berlin' })
    d.byVersion.set(calendar!.version, calendar!)
    const more = { calendar: () => ({ id: 'h', calendar: calendar! }) }
    d.save(at('09T09:00'), { CreatedDate: '2026-03-09T09:00:00.000Z', Zone: 'Europe/Berlin' }, more)
    const { text, data } = explain(d.rules, d.state, '1.A.1', reader)!
    expect(text).toContain('start 9 Mar 10:00 GMT+1 + 4 h')
    expect(text).toContain("Hours *EMEA hours* from the organisation's default; time zone Europe/Berlin, from Customer zone of the record.") // prettier-ignore
    expect(data['hours']).toMatchObject({ timeZone: 'Europe/Berlin', zoneFrom: 'record', members: [] })
    d.save(at('09T09:30'), { Zone: null }, more)
    expect(explain(d.rules, d.state, '1.A.1', reader)!.text).toContain('time zone Europe/Berlin, that of these hours.')
  })
  it('names the members of an intersection, those within a member too, and clocks that changed in their zones', () => {
    const tokyo = { ...EMEA, name: 'Tokyo', timeZone: 'Asia/Tokyo', hours: { mon: [['00:00', '24:00']] as const } }
    const member = { name: 'East', intersectionOf: [tokyo, { name: 'Always', timeZone: 'UTC', always: true }] as const }
    const boston = { name: 'Boston', timeZone: 'America/New_York', always: true }
    const both = { name: 'Both', timeZone: 'UTC', intersectionOf: [member, boston] as const }
    const d = new Driver(process, { hours: [both], organisation: 'Both' })
    d.save(at('07T12:00'), { CreatedDate: '2026-03-07T12:00:00.000Z' })
    const { text, data } = explain(d.rules, d.state, '1.Resolution.1', reader)!
    expect(text).toContain(
      "Hours *Both* from the organisation's default, open when *Tokyo*, *Always* and *Boston* are; time zone UTC, that of these hours.",
    )
    expect(text.split('\n')[0]).toMatch(/; clocks in America\/New_York went forward 1 h \(8 Mar 07:00 UTC\)\.$/)
    expect(data['hours']).toMatchObject({ members: ['Tokyo', 'Always', 'Boston'] })
  })
  it('knows nothing of what is not there', () => {
    const d = friday()
    expect(explain(d.rules, d.state, '7.X.1', reader)).toBeUndefined()
  })
})
