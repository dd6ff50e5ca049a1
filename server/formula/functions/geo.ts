import { fail } from '../failure.ts'
import { fromDouble, type Num } from '../numbers.ts'
import type { GeoPoint } from '../runtime.ts'
import { define, lenient, type FunctionDef } from './define.ts'

/** The earth's mean radius as Salesforce's evaluators have it, in each unit. */
const RADIUS = { km: 6371.009, mi: 3958.761 }

function point(latitude: Num | null, longitude: Num | null): GeoPoint | null {
  if (latitude === null && longitude === null) return null
  if (latitude === null || longitude === null)
    throw fail('BAD_GEOLOCATION', 'A geolocation needs both a latitude and a longitude.')
  if (latitude.abs().gt(90)) throw fail('BAD_GEOLOCATION', 'A latitude lies between -90 and 90.')
  if (longitude.abs().gt(180)) throw fail('BAD_GEOLOCATION', 'A longitude lies between -180 and 180.')
  return { latitude: latitude.toNumber(), longitude: longitude.toNumber() }
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Haversine: the angle between two places, in radians. */
function angle(a: GeoPoint, b: GeoPoint): number {
  const [lat, lon] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)]
  const h =
    Math.sin(lat / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(lon / 2) ** 2
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)))
}

function distance(a: GeoPoint | null, b: GeoPoint | null, unit: string | null): Num | null {
  if (a === null || b === null || unit === null) return null
  const name = unit.toLowerCase()
  if (name !== 'km' && name !== 'mi') throw fail('BAD_UNIT', 'DISTANCE gives "mi" or "km", nothing else.')
  return fromDouble(RADIUS[name] * angle(a, b))
}

export const geo: readonly FunctionDef[] = [
  define({
    name: 'GEOLOCATION',
    group: 'Number',
    signature: 'GEOLOCATION(latitude, longitude)',
    summary: 'A place on the earth, for DISTANCE.',
    noSql: 'it works with places',
    overloads: [lenient(['Number', 'Number'], 'Geolocation', point)],
  }),
  define({
    name: 'DISTANCE',
    group: 'Number',
    signature: 'DISTANCE(place1, place2, unit)',
    summary: 'The distance between two places in "mi" or "km".',
    noSql: 'it works with places',
    overloads: [lenient(['Geolocation', 'Geolocation', 'Text'], 'Number', distance)],
  }),
]
