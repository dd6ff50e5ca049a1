import { randomInt } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { openDatabase } from '#database'
import { formatInstant, parseInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, organisationAt, openOrganisation } from '../../automation/testing/organisation.ts'
import type { Organisation } from '../../automation/testing/organisation.ts'
import { live } from './victim.ts'

/** 200 in the long run. */
const KILLS = Number(process.env.MILEPOST_KILLS ?? 10)
const STEP_MS = 120_000
const START = '2026-03-09T13:00:00.000Z' // Monday 09:00 in New York
/** Long enough that the last kill still finds something to do. */
const END = formatInstant(parseInstant(START)! + Math.max(32, 4 * KILLS) * 3_600_000)

/** What is true of each case in the end, by its id: everything by which two lives are alike. */
async function facts(o: Organisation): Promise<Map<string, Row>> {
  const cases = new Map((await o.rows('Case')).map((row) => [String(row.Id), { of: row, facts: [] as string[] }]))
  const add = async (object: string, parent: string, text: (row: Row) => unknown[]): Promise<void> => {
    for (const row of await o.rows(object))
      cases.get(String(row[parent]))?.facts.push(JSON.stringify([object, ...text(row)]))
  }
  await add('RecordMilestone', 'ParentId', (m) => [m.Name, m.Status, m.StartDate, m.TargetDate, m.ViolatedAt])
  await add('MilestoneViolation', 'ParentId', (v) => [v.Name, v.ViolatedAt, v.Status])
  await add('Task', 'WhatId', (t) => [String(t.Subject).replace(/case \S+/, 'case')])
  await add('MilestoneTimer', 'ParentId', (t) => [t.Key, t.Status, t.DueDate, t.Reason])
  await add('FieldHistory', 'RecordId', (h) => [h.Field, h.OldValue, h.NewValue])
  return new Map(
    [...cases].map(([id, { of, facts }]) => {
      const { Subject, IsEscalated, MilestoneStatus, NextTargetDate } = of as { [field: string]: string }
      return [id, { Subject, IsEscalated, MilestoneStatus, NextTargetDate, facts: facts.sort() } as Row]
    }),
  )
}

/** A life that nobody cuts short: what is true of each case, by its subject. */
async function undisturbed(url: string): Promise<Map<string, Row>> {
  const contact = await prepare(url)
  await live({ url, from: START, to: END, stepMs: STEP_MS, contact })
  return new Map([...(await read(url, facts)).values()].map((row) => [String(row.Subject), row]))
}

/** The id of a contact to open cases for. */
async function prepare(url: string): Promise<string> {
  const o = await openOrganisation((options) => openDatabase({ url, ...options }), START)
  await o.engine.stop()
  await o.database.close()
  return o.ids.contact!
}

async function read<T>(url: string, look: (o: Organisation) => Promise<T>): Promise<T> {
  const o = await organisationAt((options) => openDatabase({ url, ...options }), END)
  const seen = await look(o)
  await o.engine.stop()
  await o.database.close()
  return seen
}

/** A save that was killed after its commit and before it could say so is made again: the case is there twice, each with everything that one has. */
async function expectWhole(
  url: string,
  expected: Map<string, Row>,
  saved: ReadonlySet<string>,
  kills: number,
): Promise<void> {
  await read(url, async (o) => {
    const found = await facts(o)
    expect([...saved].filter((id) => !found.has(id))).toEqual([])
    expect(found.size - saved.size).toBeLessThanOrEqual(kills)
    expect(new Set([...found.values()].map((row) => row.Subject))).toEqual(new Set(expected.keys()))
    for (const row of found.values()) expect(row).toEqual(expected.get(String(row.Subject)))
    const wrong: string[] = []
    await o.engine.repair({ tell: (d) => wrong.push(`${d.record} ${d.object}: ${d.text}`) })
    expect(wrong).toEqual([])
  })
}

const after = (at: string | undefined, otherwise: string): string =>
  at === undefined ? otherwise : formatInstant(parseInstant(at)! + STEP_MS)

/** Alternately killed between the last write and the commit of some transaction, and at any moment. */
const anyMoment = (kill: number) =>
  kill % 2 === 0 ? { hold: randomInt(1, 8) } : { after: { steps: randomInt(0, 12), ms: randomInt(0, 30) } }

describeDatabases(
  'kill -9',
  (open) => {
    let expected: Map<string, Row>
    beforeAll(async () => {
      expected = await undisturbed(await open.url())
      const told = JSON.stringify([...expected.values()])
      for (const object of ['MilestoneViolation', 'Task', 'FieldHistory']) expect(told).toContain(`[\\"${object}`)
    }, 600_000)

    it(`loses nothing and does nothing twice over ${KILLS} kills`, { timeout: 120_000 + KILLS * 12_000 }, async () => {
      const url = await open.url()
      const contact = await prepare(url)
      const saved = new Set<string>()
      let from = START
      let done = false
      let held = 0
      for (let kill = 0; kill <= KILLS; kill++) {
        const death = await live({
          url,
          from,
          to: END,
          stepMs: STEP_MS,
          contact,
          ...(kill < KILLS ? anyMoment(kill) : {}),
        })
        for (const id of death.saved) saved.add(id)
        from = after(death.at, from)
        done = death.done
        held += death.held ? 1 : 0
      }
      expect({ done, held }).toEqual({ done: true, held: Math.ceil(KILLS / 2) })
      await expectWhole(url, expected, saved, KILLS)
    })

    it.runIf(open.dialect === 'postgres')(
      'does nothing twice when two workers share the work and both are killed',
      { timeout: 600_000 },
      async () => {
        const url = await open.url()
        const contact = await prepare(url)
        const saved = new Set<string>()
        const both = [START, START]
        const kills = Math.max(1, Math.floor(KILLS / 5))
        for (let kill = 0; kill <= kills; kill++) {
          const deaths = await Promise.all(
            both.map((from, i) =>
              live({ url, from, to: END, stepMs: STEP_MS, contact, ...(kill < kills ? anyMoment(kill + i) : {}) }),
            ),
          )
          deaths.forEach((death, i) => {
            for (const id of death.saved) saved.add(id)
            both[i] = after(death.at, both[i]!)
          })
        }
        await expectWhole(url, expected, saved, 2 * kills)
      },
    )
  },
  installShipped,
)
