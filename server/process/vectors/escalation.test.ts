import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

const lines = readFileSync(new URL('escalation.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)

describe('escalation vectors of other products', () => {
  it('every row that can be expressed gives what it expects', () => {
    const { passed, failed, notes } = run('escalation', lines)
    expect(failed).toEqual([])
    expect(passed).toBeGreaterThanOrEqual(119)
    expect(notes.length - 1).toBe(lines.length - passed)
  })

  it('a changed expectation fails: the runner reads what it says it reads', () => {
    const survivors = lines.flatMap((line) => {
      const row = JSON.parse(line)
      if (run('escalation', [line]).passed === 0) return []
      const expected = typeof row.recommended === 'object' ? row.recommended : row.expected
      return Object.keys(expected)
        .filter((key) => key !== 'from' && key !== 'to' && key !== 'firedAtNotAfter')
        .filter(
          (key) =>
            run('escalation', [
              JSON.stringify({
                ...row,
                disputed: undefined,
                recommended: undefined,
                expected: { ...expected, [key]: other(expected[key]) },
              }),
            ]).passed > 0,
        )
        .map((key) => `${row.id} ${key}`)
    })
    expect(survivors).toEqual([])
  })

  it('a cycle that a timer will start counts as a cycle', () => {
    const row = {
      id: 'y', name: 'sequential', policy: { calendar: { tz: 'UTC', always: true }, targets: { u: { minutes: 60, recurs: 'sequential' } } },
      events: [{ at: '2026-01-05T00:00:00Z', type: 'create' }, { at: '2026-01-05T00:30:00Z', type: 'complete' }],
      expected: { cycles: [['2026-01-05T00:00:00Z', '2026-01-05T01:00:00Z'], ['2026-01-05T01:00:00Z', '2026-01-05T02:00:00Z']] },
    } // prettier-ignore
    expect(run('escalation', [JSON.stringify(row)])).toMatchObject({ passed: 1, failed: [] })
  })

  it('words that the rows at hand do not use: pauses before a late start left out, breaks, holds in minutes, changes of hours', () => {
    const calendar = { tz: 'UTC', always: true }
    const office = { tz: 'UTC', hours: { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']] } }
    const at = (hour: string, type: string, more: object = {}) => ({ at: `2026-01-05T${hour}:00Z`, type, ...more })
    const held = [
      at('00:00', 'create', { priority: '3' }),
      at('01:00', 'status', { to: 'hold' }),
      at('02:00', 'status', { to: 'open' }),
    ]
    const p1 = { minutes: 240, start: 'condition', retroactive: 'created', retroactivePause: false }
    const rows = [
      { policy: { calendar, targets: { p1 }, pauseStatuses: ['hold'] }, events: [...held, at('03:00', 'fieldChange', { field: 'priority', to: '1' })], expected: { 'p1.dueAt': '2026-01-05T04:00:00Z' } },
      { policy: { calendar, targets: { t: { minutes: 240, retroactivePause: false } }, pauseStatuses: ['hold'] }, events: [...held, at('03:00', 'attachPolicy')], expected: { 't.dueAt': '2026-01-05T04:00:00Z' } },
      { policy: { calendar: { ...office, breaks: { '2026-01-05': [['12:00', '13:00']] } }, targets: { t: { minutes: 240 } } }, events: [at('10:00', 'create'), at('10:10', 'hold', { minutes: 10 })], expected: { 't.dueAt': '2026-01-05T15:10:00Z' } },
      { policy: { calendar: office, targets: { t: { minutes: 240 } } }, events: [at('10:00', 'create'), at('11:00', 'calendarChange', { hours: { mon: [['09:00', '12:00']], tue: [['09:00', '12:00']] } })], expected: { 't.dueAt': '2026-01-06T11:00:00Z' } },
      { policy: { calendar: { ...office, holidays: ['2026-01-06'] }, targets: { t: { minutes: 480 } } }, events: [at('10:00', 'create'), at('11:00', 'calendarChange', { removeHoliday: '2026-01-06' })], expected: { 't.dueAt': '2026-01-06T10:00:00Z' } },
    ] // prettier-ignore
    expect(run('escalation', rows.map((row, n) => JSON.stringify({ id: `w${n}`, name: '', ...row })))).toMatchObject({ passed: 5, failed: [] }) // prettier-ignore
  })

  it('a row that is cut short fails with what it lacks', () => {
    const row = JSON.parse(lines[0]!)
    const odd = [{}, { ...row, events: [] }, { ...row, events: [null] }, { ...row, expected: null }, { ...row, policy: { ...row.policy, targets: { t: null } } }] // prettier-ignore
    expect(run('escalation', ['', ...odd.map((r) => JSON.stringify(r))])).toMatchObject({
      passed: 0,
      failed: [
        'line 2 : the row has no policy with a calendar',
        `${row.id} ${row.name}: the row has no events`,
        `${row.id} ${row.name}: the row has no events`,
        `${row.id} ${row.name}: the row expects nothing`,
        `${row.id} ${row.name}: a target is not an object`,
      ],
    })
    const strange = run('escalation', [JSON.stringify({ ...row, expected: { constructor: 1 } })])
    expect(strange.notes.at(-1)).toBe("1 rows can't be expressed")
  })

  it('a word it does not know is a reason, not a guess', () => {
    const row = { ...JSON.parse(lines[0]!), id: 'x', expected: { 'firstResponse.mood': 'good' } }
    expect(run('escalation', [JSON.stringify(row)])).toEqual({
      passed: 0,
      failed: [],
      notes: [
        'x can\'t be expressed: the expectation "firstResponse.mood" is not in the vocabulary',
        "1 rows can't be expressed",
      ],
    })
  })
})

/** Something else of the same kind. */
function other(value: unknown): unknown {
  if (value === null) return '2001-01-01T00:00:00Z'
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return [...value, value[0] ?? 'more']
  if (typeof value === 'object') return { ...value, frt: 77, rt: 77 }
  return Number.isNaN(Date.parse(String(value))) ? `${String(value)}!` : '2001-01-01T00:00:00Z'
}
