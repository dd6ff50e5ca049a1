import { expect, test } from 'vitest'
import { fromWallClock, toWallClock } from './wall-clock.ts'

const NEW_YORK = 'America/New_York'

test.each([
  ['2026-01-15T14:00:00.000Z', '2026-01-15T09:00'],
  ['2026-07-15T13:00:00.000Z', '2026-07-15T09:00'],
])('%s is %s in New York, and back', (iso, local) => {
  expect(toWallClock(iso, NEW_YORK)).toBe(local)
  expect(fromWallClock(local, NEW_YORK)).toBe(iso)
})

test('in the gap of spring the time moves forward, in the overlap of autumn the earlier moment counts', () => {
  expect(fromWallClock('2026-03-08T02:30', NEW_YORK)).toBe('2026-03-08T07:30:00.000Z')
  expect(fromWallClock('2026-11-01T01:30', NEW_YORK)).toBe('2026-11-01T05:30:00.000Z')
})
