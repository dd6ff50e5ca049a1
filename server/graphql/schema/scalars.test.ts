import { expect, test } from 'vitest'
import { AddressScalar, DateScalar, DateTimeScalar, DecimalScalar, GeolocationScalar, TimeScalar } from './scalars.ts'

test.each([
  [DateTimeScalar, '2026-03-09T11:00:00+02:00', '2026-03-09T09:00:00.000Z'],
  [DateTimeScalar, '2026-03-09T11:00:00.123456Z', '2026-03-09T11:00:00.123Z'],
  [DateScalar, '2024-02-29', '2024-02-29'],
  [TimeScalar, '09:30', '09:30:00.000'],
  [DecimalScalar, '12345678901234567.89', '12345678901234567.89'],
  [GeolocationScalar, { latitude: 52, longitude: 13.4 }, { latitude: 52, longitude: 13.4 }],
  [AddressScalar, { city: 'Bonn', street: null }, { city: 'Bonn', street: null }],
])('%s takes %j', (scalar, given, value) => expect(scalar.parseValue(given)).toEqual(value))

test.each([
  [DateTimeScalar, '2026-03-09 11:00'],
  [DateTimeScalar, 1_700_000_000],
  [DateScalar, '2026-02-29'],
  [DateScalar, '2026-13-01'],
  [TimeScalar, '24:00'],
  [DecimalScalar, '1e5'],
  [DecimalScalar, 'NaN'],
  [GeolocationScalar, { latitude: 91, longitude: 0 }],
  [AddressScalar, { town: 'Bonn' }],
  [AddressScalar, null],
])('%s refuses %j in words', (scalar, given) => expect(() => scalar.parseValue(given)).toThrow(/must be/))
