import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileCalendar, type Calendar } from '../index.ts'
import { caseArbitrary, type Case } from './arbitraries.ts'
import { Reference, STEP } from './reference.ts'

const DAY = 86_400_000
const RUNS = { numRuns: Number(process.env['MILEPOST_CALENDARS'] ?? 120) }

const grid = ({ definition, middle }: Case): Reference =>
  new Reference(definition, middle - 16 * DAY, middle + 16 * DAY)

/** Properties hold for calendars that are open at all; a refused one must be closed on the whole grid. */
function calendarOf(the: Case, reference?: Reference): Calendar | undefined {
  const { calendar, findings } = compileCalendar(the.definition)
  const never = findings.some((f) => f.code === 'NEVER_OPEN')
  expect(calendar === undefined).toBe(never)
  if (never && reference) expect(reference.open.some(Boolean)).toBe(false)
  return calendar
}

/** An instant on the grid, in the ten days around the middle. */
const moment = (the: Case, n: number): number => the.middle + n * STEP
const moments = fc.integer({ min: (-5 * DAY) / STEP, max: (5 * DAY) / STEP })
const amounts = fc.integer({ min: 1, max: 140 })

test('open intervals are those of the minute walk, clock changes, holidays, overrides and effective dates included', () => {
  fc.assert(
    fc.property(caseArbitrary, (the) => {
      const reference = grid(the)
      const [from, to] = [the.middle - 10 * DAY, the.middle + 10 * DAY]
      expect(calendarOf(the, reference)?.intervals(from, to) ?? []).toEqual(reference.intervals(from, to))
    }),
    RUNS,
  )
})

test('add, diff and isOpen walk the same minutes', () => {
  fc.assert(
    fc.property(
      caseArbitrary,
      fc.array(fc.tuple(moments, moments, fc.integer({ min: -100, max: 100 })), { minLength: 10, maxLength: 10 }),
      (the, questions) => {
        const reference = grid(the)
        const calendar = calendarOf(the)
        if (!calendar) return
        for (const [m, n, steps] of questions) {
          const [a, b] = [moment(the, m), moment(the, n)]
          expect(calendar.diff(a, b)).toBe(reference.diff(a, b))
          expect(calendar.isOpen(a)).toBe(reference.open[reference.index(a)])
          const walked = reference.add(a, steps)
          if (walked !== undefined && Math.abs(walked - the.middle) < 13 * DAY)
            expect(calendar.add(a, steps * STEP)).toBe(walked)
        }
      },
    ),
    RUNS,
  )
})

test('business days are the local days with an opening', () => {
  fc.assert(
    fc.property(caseArbitrary, (the) => {
      const reference = grid(the)
      const calendar = calendarOf(the)
      if (!calendar) return
      for (let day = the.middle / DAY - 9; day < the.middle / DAY + 9; day++)
        expect([day, calendar.isBusinessDay(new Date(day * DAY).toISOString().slice(0, 10))]).toEqual([
          day,
          reference.businessDays.has(day),
        ])
    }),
    RUNS,
  )
})

test('add(add(t, a), b) = add(t, a + b) for a ≥ 0, b > 0; the same backwards', () => {
  fc.assert(
    fc.property(
      caseArbitrary,
      moments,
      fc.integer({ min: 0, max: 9e7 }),
      fc.integer({ min: 1, max: 9e7 }),
      fc.constantFrom('close', 'open'),
      (the, m, a, b, boundary) => {
        const calendar = calendarOf({
          ...the,
          definition: { ...the.definition, boundary: boundary as 'close' | 'open' },
        })
        const at = moment(the, m)
        const there = calendar?.add(at, a)
        if (!calendar || there === undefined) return
        expect(calendar.add(there, b)).toBe(calendar.add(at, a + b))
        const back = calendar.add(at, -b)
        if (a > 0 && back !== undefined) expect(calendar.add(back, -a)).toBe(calendar.add(at, -a - b))
      },
    ),
    RUNS,
  )
})

test('diff(t, add(t, d)) = d, and add only grows with t and with d', () => {
  fc.assert(
    fc.property(caseArbitrary, moments, amounts, fc.integer({ min: 1, max: 5e6 }), (the, m, steps, later) => {
      const calendar = calendarOf(the)
      const at = moment(the, m)
      const d = steps * STEP + 17
      const there = calendar?.add(at, d)
      if (!calendar || there === undefined) return
      expect(calendar.diff(at, there)).toBe(d)
      expect(calendar.diff(there, at)).toBe(-d)
      expect(calendar.add(at + later, d) ?? Infinity).toBeGreaterThanOrEqual(there)
      expect(calendar.add(at, d + later) ?? Infinity).toBeGreaterThan(there)
    }),
    RUNS,
  )
})

test('going back undoes going forward, to the opening or closing instant of the same open time', () => {
  fc.assert(
    fc.property(caseArbitrary, moments, amounts, (the, m, steps) => {
      const calendar = calendarOf(the)
      const start = calendar?.next(moment(the, m))
      if (!calendar || start === undefined) return
      const there = calendar.add(start, steps * STEP)
      if (there !== undefined) expect(calendar.add(there, -steps * STEP)).toBe(start)
    }),
    RUNS,
  )
})

test('next, prev and the strict openings and closings agree with the intervals', () => {
  fc.assert(
    fc.property(caseArbitrary, moments, (the, m) => {
      const calendar = calendarOf(the)
      if (!calendar) return
      const at = moment(the, m)
      const edges = calendar
        .intervals(the.middle - 400 * DAY, the.middle + 400 * DAY)
        .filter((i) => i.from > the.middle - 399 * DAY && i.to < the.middle + 399 * DAY)
      const opens = edges.map((i) => i.from)
      const closes = edges.map((i) => i.to)
      if (edges.length < 40) return
      expect(calendar.nextOpen(at)).toBe(opens.find((o) => o > at))
      expect(calendar.nextClose(at)).toBe(closes.find((c) => c > at))
      expect(calendar.prevOpen(at)).toBe(opens.findLast((o) => o < at))
      expect(calendar.prevClose(at)).toBe(closes.findLast((c) => c < at))
      expect(calendar.next(at)).toBe(calendar.isOpen(at) ? at : opens.find((o) => o > at))
      expect(calendar.prev(at)).toBe(calendar.isOpen(at - 1) ? at : closes.findLast((c) => c < at))
    }),
    RUNS,
  )
})

test('explain covers the stretch without a hole, and what it counts is diff', () => {
  fc.assert(
    fc.property(caseArbitrary, moments, moments, (the, m, n) => {
      const calendar = calendarOf(the)
      const [from, to] = [moment(the, Math.min(m, n)), moment(the, Math.max(m, n))]
      if (!calendar || from === to) return
      const segments = calendar.explain(from, to)
      expect([segments[0]?.from, segments.at(-1)?.to]).toEqual([from, to])
      segments.slice(1).forEach((s, i) => expect(s.from).toBe(segments[i]!.to))
      expect(segments.filter((s) => s.counted).reduce((sum, s) => sum + s.to - s.from, 0)).toBe(calendar.diff(from, to))
      expect(segments.every((s) => s.to > s.from && s.counted === (s.reason === undefined))).toBe(true)
    }),
    RUNS,
  )
})

test('an intersection is open exactly when both are', () => {
  fc.assert(
    fc.property(caseArbitrary, caseArbitrary, moments, (one, other, m) => {
      const [a, b] = [calendarOf(one), calendarOf(other)]
      if (!a || !b) return
      const both = compileCalendar({ name: 'both', intersectionOf: [one.definition, other.definition] }).calendar
      for (let i = 0; i < 200; i++) {
        const at = moment(one, m) + i * 37 * STEP
        expect(both?.isOpen(at) ?? false).toBe(a.isOpen(at) && b.isOpen(at))
      }
    }),
    RUNS,
  )
})

test('the order in which questions come changes no answer', () => {
  fc.assert(
    fc.property(
      caseArbitrary,
      fc.array(fc.tuple(fc.integer({ min: -40_000, max: 40_000 }), amounts), { minLength: 6, maxLength: 6 }),
      (the, questions) => {
        const ask = (calendar: Calendar, [days, steps]: [number, number]): (number | undefined)[] => {
          const at = the.middle + days * DAY
          return [
            calendar.add(at, steps * STEP),
            calendar.nextClose(at),
            calendar.prevOpen(at),
            calendar.addDays(at, steps),
            calendar.addDays(at, -steps),
          ]
        }
        const shared = calendarOf(the)
        if (!shared) return
        for (const question of questions) expect(ask(shared, question)).toEqual(ask(calendarOf(the)!, question))
      },
    ),
    { numRuns: Math.ceil(RUNS.numRuns / 6) },
  )
})
