import { describe, expect, test } from 'vitest'
import { progressOf, stateOf, twoUnits, twoUnitsInWords, type Milestone } from './states.ts'

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H

test.each([
  [0, '0s', '0 seconds'],
  [999, '0s', '0 seconds'],
  [45 * S, '45s', '45 seconds'],
  [12 * M + 5 * S, '12m 05s', '12 minutes 5 seconds'],
  [3 * H + 12 * M + 59 * S, '3h 12m', '3 hours 12 minutes'],
  [D + H, '1d 1h', '1 day 1 hour'],
  [-(2 * H), '2h 00m', '2 hours 0 minutes'],
])('%i ms reads %s', (ms, short, long) => {
  expect(twoUnits(ms)).toBe(short)
  expect(twoUnitsInWords(ms)).toBe(long)
})

describe('state', () => {
  const target = '2026-03-09T15:00:00.000Z'
  const at = Date.parse(target)
  test.each([
    ['Running', at, 'Running'],
    ['Running', at + 1, 'Overdue'],
    ['Warning', at + 1, 'Overdue'],
    ['Paused', at + D, 'Paused'],
    ['Met', at + D, 'Met'],
    ['Overdue', at - H, 'Overdue'],
  ])('%s, looked at %i, is %s', (status, now, expected) =>
    expect(stateOf({ Status: status, TargetDate: target }, now)).toBe(expected),
  )
})

test('progress runs from start to target, stops with the completion and never leaves 0–1', () => {
  const milestone = {
    StartDate: '2026-03-09T10:00:00Z',
    TargetDate: '2026-03-09T14:00:00Z',
    CompletionDate: null,
  } as Milestone
  const at = (time: string) => Date.parse(`2026-03-09T${time}Z`)
  expect(progressOf(milestone, at('11:00:00'))).toBe(0.25)
  expect(progressOf(milestone, at('09:00:00'))).toBe(0)
  expect(progressOf(milestone, at('20:00:00'))).toBe(1)
  expect(progressOf({ ...milestone, CompletionDate: '2026-03-09T12:00:00Z' }, at('20:00:00'))).toBe(0.5)
})
