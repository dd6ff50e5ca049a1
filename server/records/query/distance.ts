import { placeOf } from '#util'
import type { Place, Value } from '#util'
import type { FieldDef } from '#metadata'
import type { Slot } from '../query-tree.ts'
import { param } from './build.ts'
import type { Build } from './build.ts'
import { QueryError } from './errors.ts'
import { slotValue } from './run-values.ts'
import type { Source } from './sources.ts'

const EARTH_KM = 6371
const KM_PER_MILE = 1.609344

interface Distance {
  readonly from: Place
  readonly km: number
}

/** Within a great-circle distance. `value`: `{ from: { latitude, longitude }, km }`, or `miles` in place of km. */
export function compareDistance(build: Build, source: Source, field: FieldDef, slot: Slot): string {
  const number = (pick: (distance: Distance) => number): string =>
    param(build, (run) => pick(read(field, slotValue(slot, run))), 'float8')
  const [lat, lon] = [source.column(`${field.column}_lat`), source.column(`${field.column}_lon`)]
  const [toLat, toLon] = [number((d) => d.from.latitude), number((d) => d.from.longitude)]
  const square = (text: string): string => `(${text}) * (${text})`
  const a = `${square(`sin(radians((${lat}) - ${toLat}) / 2)`)} + cos(radians(${lat})) * cos(radians(${toLat})) * ${square(`sin(radians((${lon}) - ${toLon}) / 2)`)}`
  return `2 * ${EARTH_KM} * asin(sqrt(${build.dialect === 'sqlite' ? 'min' : 'least'}(1.0, ${a}))) <= ${number((d) => d.km)}`
}

function read(field: FieldDef, value: Value): Distance {
  const given = Object(value) as Record<string, unknown>
  const from = placeOf(given.from)
  const km = typeof given.miles === 'number' ? given.miles * KM_PER_MILE : given.km
  if (!from || typeof km !== 'number')
    throw new QueryError('WRONG_TYPE', `The distance to ${field.name} needs from (latitude and longitude), and km or miles.`) // prettier-ignore
  return { from, km }
}
