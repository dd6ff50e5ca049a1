/** What must hold for every process and every history. MILEPOST_HISTORIES says how many are tried, over all properties. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenPromises } from './promises.ts'
import { type History, history, live } from './histories.ts'
import { observe } from './observe/observe.ts'
import { recordFields } from './record-fields.ts'
import { replay } from './replay.ts'
import { rowsOf } from './rows.ts'
import { step } from './step/step.ts'
import type { Driver } from './testing.ts'
import { timersOf } from './timers.ts'

const PROPERTIES = 10
const numRuns = Math.ceil(Number(process.env['MILEPOST_HISTORIES'] ?? 2000) / PROPERTIES)
const check = (holds: (h: History) => void): void => fc.assert(fc.property(history, holds), { numRuns })

/** What has been done, repetitions that were collapsed into one counted as they fell due: `state.instances` tells when. */
const done = (d: Driver): { [step: string]: number } => {
  const count: { [step: string]: number } = {}
  for (const { instance, step, name, missed = 1 } of d.actions) {
    const key = `${instance}/${step.replace(/#\d+$/, '')}:${name}`
    count[key] = (count[key] ?? 0) + missed
  }
  return count
}

const seen = (d: Driver) => ({
  rows: rowsOf(d.rules, d.state),
  record: recordFields(d.rules, d.state),
  actions: done(d),
  steps: d.state.instances.map((i) => i.steps),
})

describe('for every history', { timeout: 3_600_000 }, () => {
  it('cut anywhere, through JSON and on: the same', () =>
    check((h) => {
      const cut = live(h, { after: (d) => (d.state = JSON.parse(JSON.stringify(d.state))) })
      expect(seen(cut)).toEqual(seen(live(h)))
    }))

  it('looking more often changes nothing', () =>
    check((h) => {
      const looked = live(h, {
        before: (d, at) => {
          for (const part of [0.2, 0.5, 0.9]) d.look(Math.floor(d.state.at + (at - d.state.at) * part))
          d.look(at)
        },
        after: (d, at) => d.look(at),
      })
      expect(seen(looked)).toEqual(seen(live(h)))
    }))

  it('a second look at the same instant is not even a change', () =>
    check((h) => {
      live(h, {
        after: (d, at) => {
          d.look(at)
          const before = d.state
          d.look(at)
          expect(d.state).toBe(before)
        },
      })
    }))

  it('lazy or woken at every timer: the same', () =>
    check((h) => {
      const woken = live(h, { before: (d, at) => d.run(at) })
      expect(seen(woken)).toEqual(seen(live(h)))
    }))

  it('every action once', () =>
    check((h) => {
      const ids = live(h, { before: (d, at) => d.run(at) }).actions.map((a) => a.id)
      expect(new Set(ids).size).toBe(ids.length)
    }))

  it('timers are exact: nothing at first − 1, something at first', () =>
    check((h) => {
      live(h, {
        after: (d) => {
          const first = timersOf(d.rules, d.state)[0]
          if (!first) return
          const look = (at: number) => {
            const observation = observe(d.process, d.state, d.row, d.row, d.context(at))
            return step(d.rules, d.state, { kind: 'wake', at, cause: { kind: 'timer' }, observation })
          }
          if (first.at - 1 >= d.state.at) expect(look(first.at - 1).log?.outcome ?? []).toEqual([])
          expect(look(first.at).log?.outcome.length ?? 0).toBeGreaterThan(0)
        },
      })
    }))

  it('promises are kept', () =>
    check((h) => {
      live(h, { before: (d, at) => d.run(at), after: (d) => expect(brokenPromises(d.rules, d.state)).toEqual([]) })
    }))

  it('late is what counted beyond the goal, whenever it was paused', () =>
    check((h) => {
      live(h, {
        after: ({ rules, state }, at) => {
          const rows = new Map(rowsOf(rules, state, at).milestones.map(({ key, fields }) => [key, fields]))
          for (const { key, goal, manualTarget, target } of state.instances) {
            const { ActualElapsedMinutes, TimeSinceTargetMinutes } = rows.get(key)!
            if (goal.kind !== 'minutes' || manualTarget || target === null || ActualElapsedMinutes === null) continue
            const beyond = Math.max(0, Number(ActualElapsedMinutes) - goal.minutes)
            expect(Number(TimeSinceTargetMinutes)).toBeCloseTo(beyond, 2)
          }
        },
      })
    }))

  it('nothing but success is done for what is done, until it is open again', () =>
    check((h) => {
      const done = new Set<string>()
      for (const { what, instance = '', step } of live(h).logs.flatMap((log) => log.outcome)) {
        if (what === 'completed' || what === 'cancelled' || what === 'silenced') done.add(instance)
        else if (what === 'cameBack') done.delete(instance)
        else if (what === 'fired' || what === 'warned') expect(step !== 'success' && done.has(instance)).toBe(false)
      }
    }))

  it('replay gives the same state to the byte', () =>
    check((h) => {
      const d = live(h)
      const events = JSON.parse(JSON.stringify(d.events))
      expect(JSON.stringify(replay(d.rules, 'rec', events))).toBe(JSON.stringify(d.state))
    }))
})
