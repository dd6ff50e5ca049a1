import type { Value } from '#util'
import type { FieldDef } from '#metadata'
import type { Slot } from '../query-tree.ts'
import { decide, param } from './build.ts'
import type { Build } from './build.ts'
import { QueryError } from './errors.ts'
import { slotValue } from './run-values.ts'
import type { Source } from './sources.ts'

const EARTH_KM = 6371
const KM_PER_MILE = 1.609344
const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

interface Distance {
  readonly latitude: number
  readonly longitude: number
  readonly unit: 'km' | 'mi'
  readonly comparison: keyof typeof COMPARISONS
  readonly limit: number
}

/** Great-circle distance. `value`: `{ latitude, longitude, unit: "km" | "mi" (default km), lt | lte | gt | gte: number }`. */
export function compareDistance(build: Build, source: Source, field: FieldDef, slot: Slot): string {
  const number = (pick: (distance: Distance) => number): string =>
    param(build, (run) => pick(read(field, slotValue(slot, run))), 'float8')
  const comparison = decide(build, (run) => read(field, slotValue(slot, run)).comparison) as keyof typeof COMPARISONS
  const [lat, lon] = [source.column(`${field.column}_lat`), source.column(`${field.column}_lon`)]
  const [toLat, toLon] = [number((d) => d.latitude), number((d) => d.longitude)]
  const square = (text: string): string => `(${text}) * (${text})`
  const a = `${square(`sin(radians((${lat}) - ${toLat}) / 2)`)} + cos(radians(${lat})) * cos(radians(${toLat})) * ${square(`sin(radians((${lon}) - ${toLon}) / 2)`)}`
  return `2 * ${EARTH_KM} * asin(sqrt(${build.dialect === 'sqlite' ? 'min' : 'least'}(1.0, ${a}))) ${COMPARISONS[comparison]} ${number((d) => d.limit * (d.unit === 'mi' ? KM_PER_MILE : 1))}`
}

function read(field: FieldDef, value: Value): Distance {
  const given = Object(value) as Record<string, unknown>
  const comparison = (Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]).find(
    (key) => typeof given[key] === 'number',
  )
  const { latitude, longitude } = given
  if (
    !comparison ||
    typeof latitude !== 'number' ||
    typeof longitude !== 'number' ||
    Math.abs(latitude) > 90 ||
    Math.abs(longitude) > 180
  )
    throw new QueryError(
      'WRONG_TYPE',
      `The distance to ${field.name} needs latitude, longitude and one of lt, lte, gt, gte.`,
    )
  return {
    latitude,
    longitude,
    unit: given.unit === 'mi' ? 'mi' : 'km',
    comparison,
    limit: given[comparison] as number,
  }
}
