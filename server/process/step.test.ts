/** What the rows in cases/ can't say: midnight, zones, logs, refusals and what stays the same. */
import { describe, expect, it } from 'vitest'
import { compileCalendar } from '#business-hours'
import { formatInstant, parseInstant } from '#util'
import { observe, wantsHistory } from './observe/observe.ts'
import { rowsOf } from './rows.ts'
import { movedTargets, simulate } from './simulate.ts'
import { initialState } from './step/draft.ts'
import { step } from './step/step.ts'
import { compiled, Driver, minute, T0 } from './testing.ts'
import { timersOf } from './timers.ts'

const row = { CreatedDate: formatInstant(T0), Priority: 'High', Status: 'New', OwnerId: 'u1' }
const one = compiled({ milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }] })

describe('TODAY in criteria', () => {
  const process = compiled({
    milestones: [{ name: 'a', milestone: 'A', when: 'Day <= TODAY()', start: 'criteria', target: { minutes: 60 } }],
  })
  it("arms a timer at the organisation's midnight, at which the criteria are looked at again", () => {
    const d = new Driver(process)
    d.save(T0, { ...row, Day: '2026-01-07' })
    expect(timersOf(d.rules, d.state).map((t) => [t.key, formatInstant(t.at)])).toEqual([
      ['process/midnight', '2026-01-06T00:00:00.000Z'],
    ])
    d.run(parseInstant('2026-01-07T12:00:00Z')!)
    expect(rowsOf(d.rules, d.state).milestones[0]!.fields).toMatchObject({ StartDate: '2026-01-07T00:00:00.000Z' })
  })
  it('not for a record that has left the process, unless the exit itself reads the day', () => {
    const d = new Driver(process)
    d.save(T0, { ...row, Status: 'Closed' })
    expect(timersOf(d.rules, d.state)).toEqual([])
    const byDay = compiled({
      exit: { when: 'Day = TODAY()' },
      milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }],
    })
    const e = new Driver(byDay)
    e.save(T0, { ...row, Day: '2026-01-05' })
    expect(e.state.phase).toBe('exited')
    e.run(parseInstant('2026-01-06T00:00:00Z')!)
    expect(e.state.phase).toBe('in')
  })
  it('in the zone of the organisation', () => {
    const d = new Driver(process)
    const observation = observe(process, d.state, { ...row, Day: '2026-01-07' }, undefined, {
      ...d.context(T0),
      timeZone: 'America/New_York',
    })
    expect(formatInstant(observation.midnight!)).toBe('2026-01-06T05:00:00.000Z')
  })
})

describe('what is looked up', () => {
  it('a zone from a field of the record goes with the hours', () => {
    const process = compiled({
      timeZoneField: 'Zone',
      milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }],
    })
    const d = new Driver(process)
    const asked: (string | undefined)[] = []
    const calendar = (name: string, timeZone?: string) => {
      asked.push(timeZone)
      return {
        id: name,
        calendar: compileCalendar({ name, timeZone: 'UTC', hours: { mon: [['09:00', '17:00']] } }, { timeZone })
          .calendar!,
      }
    }
    const observation = observe(process, d.state, { ...row, Zone: 'Asia/Tokyo' }, undefined, {
      ...d.context(T0),
      calendar,
    })
    expect(new Set(asked)).toEqual(new Set(['Asia/Tokyo']))
    expect(observation.items['a']!.hours!.from).toBe('organisation')
  })
  it('missing hours and a missing milestone are errors of the item, in words', () => {
    const d = new Driver(one)
    const noHours = observe(one, d.state, row, undefined, { ...d.context(T0), calendar: () => undefined })
    expect(noHours.errors!.map((e) => e.message)).toEqual([
      'The business hours 24x7 (organisation) are missing, not active or cannot be used.',
    ])
    const noMilestone = observe(one, d.state, row, undefined, { ...d.context(T0), milestone: () => undefined })
    expect(noMilestone.errors!.map((e) => e.message)).toEqual(['There is no milestone A.'])
  })
  it('history is wanted before a process with pause rules has seen the record, and only then', () => {
    const pausing = compiled({
      pauses: [{ name: 'p', when: 'Flag' }],
      milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }],
    })
    expect(wantsHistory(one, initialState('r'))).toBe(false)
    expect(wantsHistory(pausing, initialState('r'))).toBe(true)
    const d = new Driver(pausing)
    d.save(T0, row)
    expect(wantsHistory(pausing, d.state)).toBe(false)
  })
})

describe('a formula of the process that cannot be evaluated', () => {
  const process = compiled({
    exit: { when: '10 / Amount > 5' },
    pauses: [{ name: 'p', when: '10 / Amount < 2' }],
    milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 } }],
  })
  it('leaves an exited record exited', () => {
    const d = new Driver(process)
    d.save(T0, { ...row, Amount: 1 })
    expect(d.state.phase).toBe('exited')
    d.save(minute(1), { Amount: 0 })
    expect(d.state.phase).toBe('exited')
    expect(d.logs.at(-1)!.outcome.map((o) => o.what)).toContain('error')
  })
  it('leaves a paused record paused, a running one running', () => {
    const d = new Driver(process)
    d.save(T0, { ...row, Amount: 10 })
    d.save(minute(1), { Amount: 0 })
    expect(rowsOf(d.rules, d.state).milestones[0]!.fields).toMatchObject({ Status: 'Paused' })
    const e = new Driver(process)
    e.save(T0, { ...row, Amount: 4 })
    e.save(minute(1), { Amount: 0 })
    expect(rowsOf(e.rules, e.state).milestones[0]!.fields).toMatchObject({ Status: 'Running' })
  })
})

describe('the log', () => {
  it('says who or what, which version and calendars, what was read and what came of it', () => {
    const d = new Driver(one)
    const { log } = d.save(T0, row)
    expect(log).toMatchObject({
      record: 'rec',
      seq: 1,
      at: T0,
      kind: 'evaluate',
      cause: { kind: 'save' },
      version: 'Care_v1',
      inputs: { Status: 'New', OwnerId: 'u1' },
    })
    expect(log!.calendars).toEqual([d.calendars.get('24x7')!.calendar.version])
    expect(log!.outcome.map((o) => o.what)).toEqual(['attached', 'entered', 'started'])
  })
  it('is silent when nothing changes: the very same state comes back', () => {
    const d = new Driver(one)
    d.save(T0, row)
    const result = d.save(minute(1), { Amount: 3 })
    expect(result.log).toBeUndefined()
    expect(result.state).toBe(d.state)
  })
  it('an error is told once, not at every look', () => {
    const process = compiled({
      milestones: [{ name: 'a', milestone: 'A', when: '1 / Amount > 0', target: { minutes: 60 } }],
    })
    const d = new Driver(process)
    d.save(T0, { ...row, Amount: 0 })
    d.save(minute(1), { Flag: true })
    expect(d.logs.flatMap((l) => l.outcome).filter((o) => o.what === 'error')).toHaveLength(1)
  })
  it('what happens late says when it was due', () => {
    const d = new Driver(one)
    d.save(T0, row)
    const { log } = d.look(minute(500))
    expect(log!.at).toBe(minute(500))
    expect(log!.outcome[0]).toMatchObject({ what: 'violated', at: minute(60) + 1, due: minute(60) })
  })
})

describe('order of time', () => {
  it('an event from a clock that runs behind counts as of the last event', () => {
    const d = new Driver(one)
    d.save(T0, row)
    d.save(minute(30), { Priority: 'Low' })
    d.hand(minute(40), { kind: 'pause', reason: 'r' })
    d.hand(minute(35), { kind: 'resume' })
    expect(d.state.at).toBe(minute(40))
  })
  it('refused events change nothing, not even what was due meanwhile', () => {
    const d = new Driver(one)
    d.save(T0, row)
    const before = d.state
    const result = d.hand(minute(90), { kind: 'complete', instance: '1.Z.1' })
    expect(result.findings.map((f) => f.code)).toEqual(['NO_MILESTONE'])
    expect(d.state).toBe(before)
  })
  it('the state handed in is never touched', () => {
    const d = new Driver(one)
    d.save(T0, row)
    const frozen = JSON.stringify(d.state)
    const { observation: _, ...event } = d.events[0]!
    step(d.rules, d.state, { ...event, kind: 'wake', at: minute(300) } as never)
    expect(JSON.stringify(d.state)).toBe(frozen)
  })
})

describe('timers', () => {
  it('of an older target, or of before a pause, are told apart by their generation', () => {
    const process = compiled({ milestones: [{ name: 'a', milestone: 'A', target: { minutesFormula: 'Amount' } }] })
    const d = new Driver(process)
    const generation = () => timersOf(d.rules, d.state)[0]?.generation
    d.save(T0, { ...row, Amount: 60 })
    const first = generation()
    d.save(minute(1), { Amount: 90 })
    const second = generation()
    d.hand(minute(2), { kind: 'pause', reason: 'r' })
    d.hand(minute(3), { kind: 'resume' })
    expect([first, second! > first!, generation()! > second!]).toEqual([1, true, true])
  })
  it('have keys that stay when only their time moves', () => {
    const d = new Driver(one)
    d.save(T0, row)
    const before = timersOf(d.rules, d.state)
    d.hand(minute(1), { kind: 'edit', slaStart: minute(1) })
    const after = timersOf(d.rules, d.state)
    expect(after.map((t) => t.key)).toEqual(before.map((t) => t.key))
    expect(after[0]!.at).toBe(before[0]!.at + 60_000)
  })
})

describe('trying out', () => {
  const strict = compiled({
    version: 2,
    milestones: [
      {
        name: 'a',
        milestone: 'A',
        target: { minutes: 20 },
        violations: [{ after: { minutes: 0 }, actions: ['V'] }],
        completion: [{ object: 'Mail', through: 'ParentId', when: 'NOT(Incoming)' }],
      },
    ],
  })
  it('simulates a process over the past of a record', () => {
    const d = new Driver(strict)
    const mail = { Id: 'm', ParentId: 'rec', Incoming: false, CreatedDate: formatInstant(minute(30)) }
    const { state, actions } = simulate(
      d.rules,
      strict,
      [
        { at: T0, record: row },
        { at: minute(30), object: 'Mail', related: mail },
      ],
      minute(100),
      (at) => d.context(at),
    )
    expect(rowsOf(d.rules, state).milestones[0]!.fields).toMatchObject({
      Status: 'Met late',
      CompletionDate: formatInstant(minute(30)),
    })
    expect(actions.map((a) => a.name)).toEqual(['V'])
  })
  it('a dry run of a migration says which targets move and what would be late at once', () => {
    const d = new Driver(one)
    d.save(T0, row)
    d.save(minute(30), { Flag: true })
    const before = d.state
    d.use(strict)
    d.migrate(minute(30), 'raise')
    expect(movedTargets(before, d.state)).toEqual([
      {
        key: '1.A.1',
        milestone: 'A',
        from: minute(60),
        to: minute(20),
        statusBefore: 'Running',
        statusAfter: 'Overdue',
        lateAtOnce: true,
      },
    ])
    expect(movedTargets(d.state, d.state)).toEqual([])
  })
})

describe('repetitions that fell due while nobody looked', () => {
  const again = (missed?: 'each') => ({ after: { minutes: 0 }, every: { hours: 1 }, times: 1000, ...(missed && { missed }), actions: ['Task', 'Mail'] }) // prettier-ignore
  const late = (missed?: 'each') =>
    new Driver(compiled({ milestones: [{ name: 'a', milestone: 'A', target: { minutes: 60 }, violations: [again(missed)] }] })) // prettier-ignore
  const thirtyDaysLater = minute(60 + 30 * 24 * 60)
  const fired = (d: Driver) => d.logs.flatMap((log) => log.outcome).filter((o) => o.what === 'fired')

  it('are one firing with their count, and the next one comes in its time', () => {
    const d = late()
    d.save(T0, row)
    d.look(thirtyDaysLater - 1)
    expect(d.actions.map((a) => [a.name, a.step, a.due, a.missed])).toEqual([
      ['Task', 'violation:+0m/60m', minute(60) + 1, 720],
      ['Mail', 'violation:+0m/60m', minute(60) + 1, 720],
    ])
    expect(fired(d).map((o) => o.missed)).toEqual([720])
    d.run(minute(60 + 31 * 24 * 60))
    expect(d.actions.slice(2, 4).map((a) => [a.step, a.due, a.missed])).toEqual([
      ['violation:+0m/60m#720', thirtyDaysLater, undefined],
      ['violation:+0m/60m#720', thirtyDaysLater, undefined],
    ])
    expect(d.actions).toHaveLength(2 + 2 * 25)
  })
  it('each, where the step says so; and the state is the same whoever looked when', () => {
    const [each, collapsed, woken] = [late('each'), late(), late()]
    for (const d of [each, collapsed, woken]) d.save(T0, row)
    woken.run(thirtyDaysLater - 1)
    for (const d of [each, collapsed, woken]) d.look(thirtyDaysLater - 1)
    expect(each.actions).toHaveLength(2 * 720)
    expect(woken.actions).toHaveLength(2 * 720)
    expect(collapsed.actions).toHaveLength(2)
    expect(collapsed.state.instances).toEqual(woken.state.instances)
    expect(each.state.instances).toEqual(woken.state.instances)
  })
  it('of two milestones are counted apart', () => {
    const item = (milestone: string) => ({ name: milestone, milestone, target: { minutes: 60 }, violations: [again()] })
    const d = new Driver(compiled({ milestones: [item('A'), item('B')] }))
    d.save(T0, row)
    d.look(minute(60 + 150))
    expect(d.actions.map((a) => [a.instance, a.name, a.missed])).toEqual([
      ['1.A.1', 'Task', 3],
      ['1.A.1', 'Mail', 3],
      ['1.B.1', 'Task', 3],
      ['1.B.1', 'Mail', 3],
    ])
  })
})
