import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openDatabase } from '#database'
import { formatInstant, parseInstant } from '#util'
import type { Row } from '#util'
import { opener } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from './testing/organisation.ts'
import type { Organisation } from './testing/organisation.ts'

/** More in the long run. */
const HISTORIES = Number(process.env.MILEPOST_MODEL_RUNS ?? 3)
const START = '2026-03-09T14:00:00Z'
const MINUTE = 60_000

/** What can happen, to one of a few cases. */
type Command =
  | { readonly do: 'open'; readonly priority: string }
  | { readonly do: 'change'; readonly which: number; readonly values: Row }
  | { readonly do: 'complete'; readonly which: number }
  | { readonly do: 'pause'; readonly which: number }
  | { readonly do: 'resume'; readonly which: number }
  | { readonly do: 'setTarget'; readonly which: number }
  | { readonly do: 'hours'; readonly zone: string }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'restart' }

const which = fc.nat(3)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), priority: fc.constantFrom('Critical', 'High', 'Low') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), which, values: fc.constantFrom<Row>({ Priority: 'Critical' }, { Priority: 'Low' }, { Status: 'Closed', Reason: 'Other' }, { Status: 'In Progress' }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('complete', 'pause', 'resume', 'setTarget'), which }) as fc.Arbitrary<Command> },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hours' as const), zone: fc.constantFrom('America/Chicago', 'Europe/London', 'America/New_York') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(7, 31, 60, 245, 900) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
) // prettier-ignore

/** One or more engines on one organisation; commands go to them in turn, timers to all at once. */
interface World {
  engines: Organisation[]
  readonly cases: string[]
  now: number
  turn: number
  reopen(): Promise<Organisation>
}

async function world(url: string, engines: number): Promise<World> {
  const first = await openOrganisation((options) => openDatabase({ url, ...options }), START)
  const made: World = {
    engines: [first],
    cases: [],
    now: parseInstant(START)!,
    turn: 0,
    reopen: async () => {
      const o = await organisationAt((options) => openDatabase({ url, ...options }), formatInstant(made.now))
      Object.assign(o.ids, first.ids)
      return o
    },
  }
  while (made.engines.length < engines) made.engines.push(await made.reopen())
  return made
}

const actorOf = async (o: Organisation) => ({
  ...(await import('#automation')).automationActor('model'),
  userId: o.ids.ana!,
})

async function perform(w: World, given: Command): Promise<void> {
  const o = w.engines[w.turn++ % w.engines.length]!
  const actor = await actorOf(o)
  const record = 'which' in given ? w.cases[given.which] : undefined
  if ('which' in given && record === undefined) return
  if (given.do === 'open') w.cases.push(await o.create('Case', { Subject: `Case ${w.cases.length}`, Priority: given.priority, Status: 'New' }, 'ana'))
  else if (given.do === 'change') await o.update('Case', record!, given.values, 'ana')
  else if (given.do === 'pause') await o.engine.milestones.pause(actor, { recordId: record! }, { reason: 'waiting' })
  else if (given.do === 'resume') await o.engine.milestones.resume(actor, { recordId: record! })
  else if (given.do === 'complete') await completeFirst(o, record!)
  else if (given.do === 'setTarget') await setFirst(o, record!, w.now)
  else if (given.do === 'hours') await o.update('BusinessHours', o.ids['US Support']!, { TimeZone: given.zone })
  else if (given.do === 'restart') await restart(w)
  else await wait(w, given.minutes)
} // prettier-ignore

async function firstOf(o: Organisation, record: string): Promise<string> {
  const [milestone] = await o.rows('RecordMilestone', (m) => m.ParentId === record && m.Name === 'First Response')
  return String(milestone!.Id)
}

async function completeFirst(o: Organisation, record: string): Promise<void> {
  await o.engine.milestones.complete(await actorOf(o), await firstOf(o, record))
}

async function setFirst(o: Organisation, record: string, now: number): Promise<void> {
  const target = formatInstant(now + 100 * MINUTE)
  await o.engine.milestones.setTarget(await actorOf(o), await firstOf(o, record), { target, reason: 'agreed' })
}

/** All engines find the same timers due at the same moment. */
async function wait(w: World, minutes: number): Promise<void> {
  w.now += minutes * MINUTE
  for (const o of w.engines) o.clock.set(w.now)
  await Promise.all(w.engines.map((o) => o.engine.runDue()))
}

async function restart(w: World): Promise<void> {
  if (w.engines.length < 2) return
  await close(w.engines.pop()!)
  w.engines.push(await w.reopen())
}

async function close(o: Organisation): Promise<void> {
  await o.engine.stop()
  await o.database.close()
}

/** Everything by which two worlds are alike, by the cases' subjects. */
async function facts({ engines: [o] }: World): Promise<unknown> {
  const subject = new Map((await o!.rows('Case')).map((row) => [row.Id, row.Subject]))
  const list = async (object: string, parent: string, fields: readonly string[]) =>
    (await o!.rows(object))
      .map((row) =>
        JSON.stringify([subject.get(row[parent]!), ...fields.map((f) => row[f])]).replace(/\b005\w{15}\b/g, 'a user'),
      )
      .sort()
  return {
    cases: await list('Case', 'Id', ['Status', 'IsEscalated', 'MilestoneStatus', 'NextTargetDate', 'IsPaused', 'SlaExitDate', 'Version']),
    milestones: await list('RecordMilestone', 'ParentId', ['Name', 'Status', 'TargetDate', 'CompletionDate', 'ViolatedAt', 'ElapsedMinutes']),
    violations: await list('MilestoneViolation', 'ParentId', ['ViolatedAt', 'Status', 'RaisedAt', 'Reason']),
    pauses: await list('RecordMilestonePause', 'ParentId', ['StartDate', 'EndDate', 'Source', 'OpenMinutes']),
    tasks: await list('Task', 'WhatId', ['Priority']),
    timers: await list('MilestoneTimer', 'ParentId', ['Key', 'Status', 'DueDate', 'Reason']),
    log: await list('MilestoneEvent', 'ParentId', ['Seq', 'Kind', 'Text']),
  } // prettier-ignore
}

/** Lives a history and says what is true in the end; what is stored is always the fold of the log. */
async function live(url: string, engines: number, commands: readonly Command[]): Promise<unknown> {
  const w = await world(url, engines)
  try {
    for (const each of commands) await perform(w, each)
    await wait(w, 10_000)
    const wrong: string[] = []
    await w.engines[0]!.engine.repair({ tell: (d) => wrong.push(`${d.object}: ${d.text}`) })
    expect(wrong).toEqual([])
    return await facts(w)
  } finally {
    for (const o of w.engines) await close(o)
  }
}

const sqlite = opener('sqlite', installShipped)
const postgres = opener('postgres', installShipped)

it(
  `two engines on one PostgreSQL, one of them restarted, live as a single one on SQLite (${HISTORIES} histories)`,
  { timeout: 60_000 * HISTORIES },
  async () => {
    const histories = fc.array(command, { minLength: 12, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(histories, async (commands) => {
        const alone = await live(await sqlite.url(), 1, commands)
        expect(await live(await postgres.url(), 2, commands)).toEqual(alone)
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    )
  },
)
