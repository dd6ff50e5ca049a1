import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileCalendar } from '#business-hours'
import type { BusinessHoursDefinition, Calendar, Span } from '#business-hours'
import type { Catalog, Document, FieldDocument } from '#metadata'
import { rowsOf } from '#process'
import type { Instance, Pause, Rules, State } from '#process'
import { authorize, compileQuery, insertRows, isAuthorized, runQuery } from '#records'
import type { Query } from '#records'
import type { Database } from '#database'
import { formatInstant, parseInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { automationActor } from '../actor.ts'
import { keepIntervals, spanAround } from '../set-up/open-intervals.ts'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const NOW = parseInstant('2026-03-30T09:12:34.567Z')!
const MEASURES = ['ElapsedMinutes', 'PausedMinutes', 'ActualElapsedMinutes', 'TimeRemainingMinutes', 'TimeSinceTargetMinutes', 'TargetUsedPercent'] // prettier-ignore

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const spans: fc.Arbitrary<Span[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 2, maxLength: 4 })
  .map((marks) => marks.sort((a, b) => a - b))
  .map((marks) => marks.flatMap((mark, i): Span[] => (i % 2 ? [[clockText(marks[i - 1]!), clockText(mark)]] : [])))
const definition: fc.Arbitrary<BusinessHoursDefinition> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ name: 'Always', timeZone: 'UTC', always: true }) },
  {
    weight: 4,
    arbitrary: fc.record({
      name: fc.constant('Hours'),
      timeZone: fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kathmandu'),
      hours: fc.record({ mon: spans, tue: spans, thu: spans, sun: spans }),
      holidays: fc.constantFrom([], [{ name: 'Spring', date: '2026-03-23' }]),
    }),
  },
)

/** To the millisecond, and often just before, at and after now. */
const instant = (days: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: NOW - days * DAY, max: NOW + days * DAY }),
    fc.integer({ min: NOW - 2 * MINUTE, max: NOW + 2 }),
  )
const pause: fc.Arbitrary<Pause> = fc
  .record({
    from: instant(20),
    length: fc.option(fc.integer({ min: 0, max: 5 * DAY })),
    source: fc.constantFrom('rule', 'hand'),
  }) // prettier-ignore
  .map(({ from, length, source }) => {
    const start = Math.min(from, NOW)
    const end = length === null || start + length > NOW ? null : start + length
    return { from: start, to: end, source, reason: null } as unknown as Pause
  })

const goal: fc.Arbitrary<Instance['goal']> = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }).map((n) => ({ kind: 'minutes' as const, minutes: n / 4 })),
  fc.integer({ min: 1, max: 5 }).map((days) => ({ kind: 'days' as const, days })),
  fc.record({ kind: fc.constant('at' as const), at: instant(10), shift: fc.boolean() }),
)
const clockOf = fc.record({
  start: instant(30),
  target: fc.option(instant(30)),
  goal,
  calendar: fc.nat(),
  pauses: fc.array(pause, { maxLength: 4 }),
})

const instanceOf = (n: number, version: string, drawn: Pick<Instance, 'start' | 'target' | 'goal' | 'pauses'>): Instance =>
  ({
    key: `1.M.${n}`, run: 1, milestone: 'M', cycle: n, milestoneId: null, item: 'M', version: 'P_v1', attached: drawn.start, owner: null,
    completion: null, cancelled: null, begun: drawn.start <= NOW, warned: false, violations: [], steps: {},
    hours: { name: 'Hours', id: null, version, from: 'item' }, ...drawn,
  }) as unknown as Instance // prettier-ignore

const id = (prefix: string, n: number): string => `${prefix}${String(n).padStart(15, '0')}`
const SYSTEM: Row = {
  CreatedDate: formatInstant(NOW), CreatedById: '005000000000000001', LastModifiedDate: formatInstant(NOW), LastModifiedById: '005000000000000001',
  Version: 1, IsDeleted: false,
} // prettier-ignore

async function ask(database: Database, catalog: Catalog, now: number, query: Query): Promise<unknown> {
  const authorized = authorize(query, automationActor('test'), catalog)
  if (!isAuthorized(authorized)) throw new Error(JSON.stringify(authorized))
  const context = { userId: 'u', now, timeZone: 'UTC', cursorKey: 'k' }
  return JSON.parse(await runQuery(database, compileQuery(authorized, database.dialect), {}, context))
}

const field = (name: string) => ({ key: name, kind: 'field' as const, field: name })
const listOf = (more: object = {}): Query =>
  ({
    kind: 'list', object: 'RecordMilestone', orderBy: [], page: { first: { constant: 500 } },
    select: [{ key: 'nodes', kind: 'nodes', select: ['Id', ...MEASURES].map(field) }], ...more,
  }) as Query // prettier-ignore
const nodes = async (database: Database, catalog: Catalog, now: number, more: object = {}): Promise<Row[]> =>
  ((await ask(database, catalog, now, listOf(more))) as { nodes: Row[] }).nodes

async function store(o: Organisation, calendars: readonly Calendar[], state: State, rules: Rules): Promise<void> {
  const catalog = o.engine.catalogs.current()
  const { milestones, pauses } = rowsOf(rules, state)
  const ids = new Map(milestones.map(({ key }, n) => [key, id('555', n + 1)]))
  const ParentId = id('500', 1)
  await o.database.transaction(async (tx) => {
    for (const calendar of calendars) await keepIntervals(tx, calendar, spanAround(NOW))
    await insertRows(tx, catalog.object('RecordMilestone')!, milestones.map(({ key, fields }) => ({ ...SYSTEM, ...fields, ParentId, Id: ids.get(key)! }))) // prettier-ignore
    await insertRows(tx, catalog.object('RecordMilestonePause')!, pauses.map(({ key, milestone, fields }, n) => ({ ...SYSTEM, ...fields, Name: key, ParentId, Id: id('556', n + 1), RecordMilestoneId: ids.get(milestone!)! }))) // prettier-ignore
  })
}

const numbers = (rows: readonly Row[], name: string): (number | null)[] =>
  rows.map((row) => (row[name] === null ? null : Number(row[name])))
const ascending = (a: number | null, b: number | null): number => (a ?? Infinity) - (b ?? Infinity) || 0

describeDatabases(
  'running clocks in SQL',
  (open) => {
    it('show to the last digit what the process room works out, and sort and filter by it', async () => {
      const o = await openOrganisation(open, formatInstant(NOW))
      const catalog = o.engine.catalogs.current()
      const world = fc.record({ calendars: fc.array(definition, { minLength: 3, maxLength: 6 }), clocks: fc.array(clockOf, { minLength: 60, maxLength: 60 }), later: fc.integer({ min: 0, max: 40 * DAY }) }) // prettier-ignore
      await fc.assert(
        fc.asyncProperty(world, async ({ calendars, clocks, later }) => {
          const compiled = calendars.flatMap((each) => compileCalendar(each).calendar ?? [])
          const byVersion = new Map(compiled.map((calendar) => [calendar.version, calendar]))
          const rules: Rules = { process: () => undefined, calendar: (version) => byVersion.get(version) }
          const instances = clocks.map(({ calendar, ...drawn }, n) => instanceOf(n, compiled[calendar % compiled.length]!.version, drawn)) // prettier-ignore
          const state = { instances } as unknown as State
          await o.database.transaction(async (tx) => {
            for (const object of ['RecordMilestonePause', 'RecordMilestone'])
              await tx.run(`DELETE FROM ${catalog.object(object)!.table}`)
          })
          await store(o, compiled, state, rules)
          for (const now of [NOW, NOW + later]) {
            const wanted = rowsOf(rules, state, now).milestones.map(({ fields }) => fields)
            const found = await nodes(o.database, catalog, now)
            for (const name of MEASURES) expect(numbers(found, name), name).toEqual(numbers(wanted, name))
            const sorted = await nodes(o.database, catalog, now, { orderBy: [{ path: ['TimeRemainingMinutes'], direction: 'asc', nulls: 'last' }] }) // prettier-ignore
            expect(numbers(sorted, 'TimeRemainingMinutes')).toEqual(numbers(wanted, 'TimeRemainingMinutes').sort(ascending)) // prettier-ignore
            const limit = Number(wanted[0]!.ElapsedMinutes)
            const over = await nodes(o.database, catalog, now, { where: { kind: 'compare', field: 'ElapsedMinutes', operator: 'gte', value: { constant: limit } } }) // prettier-ignore
            expect(over).toHaveLength(wanted.filter((row) => Number(row.ElapsedMinutes) >= limit).length)
          }
        }),
        { numRuns: 12 },
      )
    }, 120_000)

    it('of a record: run in its hours, stand still while it is paused, and stay as they were when it is completed', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple)
      const order = await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }) // prettier-ignore
      const shown = async (at?: string) => {
        if (at) await o.at(at)
        const [row] = await nodes(o.database, o.engine.catalogs.current(), o.clock.now(), { where: { kind: 'compare', field: 'ParentId', operator: 'eq', value: { constant: order } } }) // prettier-ignore
        return MEASURES.map((name) => row![name])
      }
      expect(await shown()).toEqual([0, 0, 0, 480, 0, 0])
      expect(await shown('2026-03-09T16:00:00Z')).toEqual([120, 0, 120, 360, 0, 25])
      await o.engine.milestones.pause(automationActor('test'), { recordId: order }, { reason: 'waiting for parts' })
      expect(await shown('2026-03-09T17:00:00Z')).toEqual([180, 60, 120, 360, 0, 25])
      await o.engine.milestones.resume(automationActor('test'), { recordId: order })
      expect(await shown('2026-03-10T13:30:00Z')).toEqual([450, 60, 390, 90, 0, 81.3])
      expect(await shown('2026-03-10T17:00:00Z')).toEqual([660, 60, 600, 0, 120, 125])
      const [{ Id }] = (await o.rows('RecordMilestone')) as [Row]
      await o.engine.milestones.complete(automationActor('test'), String(Id))
      expect(await shown('2026-03-12T17:00:00Z')).toEqual([660, 60, 600, 0, 120, 125])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('of a record that is late: a pause is no lateness, as it is none to its violation steps', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple)
      const order = await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }) // prettier-ignore
      const shown = async (at: string) => {
        await o.at(at)
        return (await nodes(o.database, o.engine.catalogs.current(), o.clock.now())).map((row) => MEASURES.map((name) => row[name])) // prettier-ignore
      }
      expect(await shown('2026-03-10T15:00:00Z')).toEqual([[540, 0, 540, 0, 60, 112.5]])
      await o.engine.milestones.pause(automationActor('test'), { recordId: order }, { reason: 'waiting for parts' })
      expect(await shown('2026-03-10T17:00:00Z')).toEqual([[660, 120, 540, 0, 60, 112.5]])
      await o.engine.milestones.resume(automationActor('test'), { recordId: order })
      expect(await shown('2026-03-10T17:30:00Z')).toEqual([[690, 120, 570, 0, 90, 118.8]])
      const [{ Id }] = (await o.rows('RecordMilestone')) as [Row]
      await o.engine.milestones.complete(automationActor('test'), String(Id))
      expect(await shown('2026-03-12T17:00:00Z')).toEqual([[690, 120, 570, 0, 90, 118.8]])
      expect(await o.rows('MilestoneViolation')).toMatchObject([{ OverdueMinutes: 90 }])
    })

    it('of a goal in business days: in a pause as much of it is used as before, though the target has not moved yet', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, {
        ...simple,
        milestones: [{ name: 'Other', milestone: 'Dispatch', target: { businessDays: 2 } }],
      })
      const order = await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }) // prettier-ignore
      await o.at('2026-03-09T16:00:00Z')
      await o.engine.milestones.pause(automationActor('test'), { recordId: order }, { reason: 'waiting for parts' })
      await o.at('2026-03-09T18:00:00Z')
      const [row] = await nodes(o.database, o.engine.catalogs.current(), o.clock.now())
      expect(row).toMatchObject({ TimeRemainingMinutes: 840, TargetUsedPercent: 12.5 })
      expect(await o.rows('RecordMilestone')).toMatchObject([{ TargetMinutes: 960 }])
    })

    it('go on over the years: once a day the worker sees to it that the hours in which something runs are known', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple)
      await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) })
      const elapsed = async () => (await nodes(o.database, o.engine.catalogs.current(), o.clock.now()))[0]!.ElapsedMinutes // prettier-ignore
      o.clock.set(parseInstant('2031-03-10T14:00:00Z')!)
      expect(await elapsed()).toBe(null)
      await o.engine.runDue()
      expect(await elapsed()).toBeGreaterThan(5 * 250 * 480)
    })

    it('are there for milestones of a release that had none', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple)
      const EntitlementId = await entitle(o)
      for (const Subject of ['Pump', 'Valve']) await o.create('WorkOrder', { Subject, AccountId: o.ids.account!, EntitlementId }) // prettier-ignore
      await o.database.transaction(async (tx) => {
        await tx.run('DELETE FROM open_interval')
        await tx.run(`DELETE FROM setting WHERE key = 'milestone clocks'`)
        await tx.run(
          `UPDATE ${o.engine.catalogs.current().object('RecordMilestone')!.table} SET c_calendar_version = NULL`,
        )
      })
      await o.at('2026-03-09T16:00:00Z')
      expect(numbers(await nodes(o.database, o.engine.catalogs.current(), o.clock.now()), 'ElapsedMinutes')).toEqual([120, 120]) // prettier-ignore
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('are refused where a value has to hold until the next save: in criteria, also inside a formula field, and in roll-ups', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const plan = async (...documents: Document[]) =>
        (await o.engine.catalogs.plan(automationActor('test'), documents.map((document) => ({ kind: document.kind, name: document.name, document })))).findings.map(({ code, message }) => `${code} ${message}`) // prettier-ignore
      const slow: FieldDocument = { kind: 'Field', name: 'WorkOrder.Slow__c', label: 'Slow', type: 'Formula', formulaType: 'Checkbox', formula: 'NextMilestone.ElapsedMinutes > 30' } // prettier-ignore
      const rollup: FieldDocument = { kind: 'Field', name: 'Milestone.Minutes__c', label: 'Minutes', type: 'RollupSummary', rollup: { object: 'RecordMilestone', through: 'MilestoneId', operation: 'sum', field: 'ElapsedMinutes' } } // prettier-ignore
      const when = (criteria: string) => ({ ...simple, milestones: [{ ...simple.milestones[0]!, when: criteria }] })
      expect(await plan(slow)).toEqual([])
      expect(await plan(when('NextMilestone.PausedMinutes > 30'))).toContainEqual(expect.stringMatching(/^FUNCTION_REFUSED NextMilestone.PausedMinutes moves with the time of day/)) // prettier-ignore
      expect(await plan(slow, when('Slow__c'))).toContainEqual(expect.stringMatching(/^FUNCTION_REFUSED Slow__c uses NOW/)) // prettier-ignore
      expect(await plan(rollup)).toContainEqual(expect.stringMatching(/^BAD_ROLLUP/))
      const filtered = { ...rollup, rollup: { ...rollup.rollup!, field: 'TargetMinutes', filter: 'ElapsedMinutes > 30' } } // prettier-ignore
      expect(await plan(filtered)).toContainEqual(expect.stringMatching(/^BAD_ROLLUP.*ElapsedMinutes moves/))
    })

    it('can be read by a formula field of the record, sorted and grouped like any other, and measured', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple, { kind: 'Field', name: 'WorkOrder.Left__c', label: 'Left', type: 'Formula', formulaType: 'Number', scale: 0, formula: 'NextMilestone.TimeRemainingMinutes' }) // prettier-ignore
      const EntitlementId = await entitle(o)
      const create = (Subject: string) => o.create('WorkOrder', { Subject, AccountId: o.ids.account!, EntitlementId })
      await create('Pump')
      await o.at('2026-03-09T16:00:00Z')
      await create('Valve')
      const catalog = o.engine.catalogs.current()
      const at = parseInstant('2026-03-09T17:00:00Z')!
      const orders = await ask(o.database, catalog, at, { kind: 'list', object: 'WorkOrder', orderBy: [{ path: ['Left__c'], direction: 'desc', nulls: 'last' }], page: {}, select: [{ key: 'nodes', kind: 'nodes', select: ['Subject', 'Left__c'].map(field) }] }) // prettier-ignore
      expect(orders).toEqual({ nodes: [{ Subject: 'Valve', Left__c: 420 }, { Subject: 'Pump', Left__c: 300 }] }) // prettier-ignore
      const measured = await ask(o.database, catalog, at, { kind: 'aggregate', object: 'RecordMilestone', groupBy: [{ path: ['IsPaused'] }], select: [
        { key: 'sum', kind: 'sum', parts: [{ key: 'e', field: 'ElapsedMinutes' }] },
        { key: 'avg', kind: 'avg', parts: [{ key: 'e', field: 'ElapsedMinutes' }] },
        { key: 'p', kind: 'percentile', field: 'TargetUsedPercent', p: { constant: 0.9 } },
      ] }) // prettier-ignore
      expect(measured).toEqual([{ sum: { e: 240 }, avg: { e: 120 }, p: 37.5 }])
      const grouped = await ask(o.database, catalog, at, { kind: 'aggregate', object: 'RecordMilestone', groupBy: [{ path: ['ElapsedMinutes'] }], select: [{ key: 'count', kind: 'count' }, { key: 'group', kind: 'group', parts: [{ key: 'e', group: 0 }] }] }) // prettier-ignore
      expect(grouped).toEqual([60, 180].map((e) => ({ count: 1, group: { e } })))
    })

    it('are paged as of the first page, so that time passing between two pages loses and repeats no row', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      await deploy(o, simple)
      const EntitlementId = await entitle(o)
      for (const [n, Subject] of ['A', 'B', 'C', 'D'].entries()) {
        await o.at(`2026-03-09T14:0${n}:00Z`)
        await o.create('WorkOrder', { Subject, AccountId: o.ids.account!, EntitlementId })
      }
      const catalog = o.engine.catalogs.current()
      type Page = { nodes: { ElapsedMinutes: number }[]; pageInfo: { endCursor: string } }
      for (const [direction, wanted] of [
        ['asc', [7, 8, 9, 10]],
        ['desc', [10, 9, 8, 7]],
      ] as const) {
        // prettier-ignore
        const found: number[] = []
        let after: string | null = null
        for (let n = 0; n < 2; n++) {
          const query = listOf({ orderBy: [{ path: ['ElapsedMinutes'], direction, nulls: 'last' }], page: { first: { constant: 2 }, after: { constant: after } }, select: [{ key: 'nodes', kind: 'nodes', select: [field('ElapsedMinutes')] }, { key: 'pageInfo', kind: 'pageInfo', parts: [{ key: 'endCursor', kind: 'endCursor' }] }] }) // prettier-ignore
          const page = (await ask(o.database, catalog, parseInstant('2026-03-09T14:10:00Z')! + n * 90_000, query)) as Page // prettier-ignore
          found.push(...page.nodes.map((node) => node.ElapsedMinutes))
          after = page.pageInfo.endCursor
        }
        expect(found).toEqual(wanted)
      }
    })
  },
  installShipped,
)
