import { describe, expect, test } from 'vitest'
import { orderFor, whereFor } from './queue-query.ts'
import { bodyOf, lagWords, reasonWords, stepWords } from './queue-words.ts'

describe('what is asked for', () => {
  test('the states of a group, and words in any of the fields that are searched', () => {
    expect(whereFor('timers', 'waiting', ' first ')).toEqual({
      and: [{ Status: { in: ['Pending', 'Claimed'] } }, { or: [{ Name: { contains: 'first' } }] }],
    })
    expect(whereFor('messages', 'dead', '')).toEqual({ and: [{ Status: { in: ['Dead'] } }] })
  })
  test('what waits stands with the next one first, what is done with the newest', () => {
    expect(orderFor('timers', 'waiting')).toEqual([{ DueDate: 'ASC_NULLS_LAST' }])
    expect(orderFor('timers', 'failed')).toEqual([{ DueDate: 'DESC_NULLS_LAST' }])
    expect(orderFor('messages', 'waiting')).toEqual([{ CreatedDate: 'DESC_NULLS_LAST' }])
  })
})

test.each([
  ['warning', 'warning:-30m', 'Warning, 30 min before'],
  ['warning', 'warning:-25%', 'Warning, 25 % of the time before'],
  ['violation', 'violation:+0m', 'After the violation'],
  ['violation', 'violation:+1h/30m#2', 'After the violation, 1 h, repeat 2'],
  ['violate', 'violate', 'Violation'],
  ['midnight', 'midnight', 'A new day'],
  ['other', null, 'other'],
])('a step of kind %s with the key %s reads “%s”', (Kind, Step, words) => expect(stepWords({ Kind, Step })).toBe(words))

test.each([
  [null, ''],
  [400, 'in time'],
  [5_000, '5 s late'],
  [8_279_999, '2 h 17 min late'],
  [86_400_000, '1 d late'],
])('%s ms are %s', (ms, words) => expect(lagWords(ms)).toBe(words))

test('a message shows its text, a webhook what it posts', () => {
  expect(bodyOf({ Payload: { to: ['a@x'], text: 'Hello' } })).toBe('Hello')
  expect(bodyOf({ Payload: { url: 'https://x', body: { Id: '1' } } })).toBe('{\n  "Id": "1"\n}')
  expect(bodyOf({ Payload: null })).toBe('')
})

test('a reason stands without the state around it', () => {
  expect(reasonWords('Skipped (re-target)')).toBe('re-target')
  expect(reasonWords('Case_Escalate: no field IsEscalated')).toBe('Case_Escalate: no field IsEscalated')
  expect(reasonWords(null)).toBe('')
})
