import { IANAZone } from 'luxon'
import fc from 'fast-check'
import { parseInstant } from '#util'
import { expect, test } from 'vitest'
import { clockChanges } from './index.ts'
import { zoneNamed } from './zone.ts'

const ZONES = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Tehran', 'Africa/Cairo', 'Asia/Gaza', 'America/Caracas'] // prettier-ignore

test('offsets are luxon’s, at any minute since 1970', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 42_000_000 }), (name, minute) => {
      const at = minute * 60_000
      expect([name, at, zoneNamed(name)!.offsetAt(at)]).toEqual([name, at, IANAZone.create(name).offset(at) * 60_000])
    }),
    { numRuns: 1500 },
  )
})

test('a local time that exists once goes there and back', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 42_000_000 }), (name, minute) => {
      const zone = zoneNamed(name)!
      const local = zone.toLocal(minute * 60_000)
      const [earlier, later] = [zone.toInstant(local, 'earlier'), zone.toInstant(local, 'later')]
      expect([earlier, later]).toContain(minute * 60_000)
      expect([zone.toLocal(earlier), zone.toLocal(later)]).toEqual([local, local])
      expect(zone.isGap(local)).toBe(false)
    }),
  )
})

test('clock changes of a year are told with both offsets', () => {
  const [from, to] = [parseInstant('2026-01-01T00:00Z')!, parseInstant('2027-01-01T00:00Z')!]
  expect(clockChanges('Europe/London', from, to)).toEqual([
    { at: parseInstant('2026-03-29T01:00Z'), before: 0, after: 3_600_000 },
    { at: parseInstant('2026-10-25T01:00Z'), before: 3_600_000, after: 0 },
  ])
  expect([clockChanges('Asia/Kathmandu', from, to), clockChanges('Nowhere', from, to)]).toEqual([[], undefined])
})
