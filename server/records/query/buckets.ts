/** Date buckets in the caller's zone: the first day of the day, week (Monday), month, quarter or year; for HOUR the instant at which the local hour began. */
import { formatInstant } from '#util'
import type { FieldDef } from '#metadata'
import { decide, literal, param } from './build.ts'
import type { Build } from './build.ts'
import { knownZone, zoneChanges } from './zone.ts'
import type { ZoneChange } from './zone.ts'

export type Bucket = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'HOUR'

export const bucketStorage = (by: Bucket): 'date' | 'datetime' => (by === 'HOUR' ? 'datetime' : 'date')

export function bucketSql(build: Build, field: FieldDef, column: string, by: Bucket): string {
  return build.dialect === 'sqlite' ? sqliteBucket(build, field, column, by) : postgresBucket(build, field, column, by)
}

function postgresBucket(build: Build, field: FieldDef, column: string, by: Bucket): string {
  const zone = field.storage === 'datetime' ? param(build, timeZone, 'text') : ''
  if (by === 'HOUR') return `date_trunc('hour', ${column}, ${zone})`
  const local = field.storage === 'datetime' ? `(${column} at time zone ${zone})` : `${column}::timestamp`
  return by === 'DAY' ? `${local}::date` : `date_trunc('${by.toLowerCase()}', ${local})::date`
}

const timeZone = (run: { readonly context: { readonly timeZone: string } }): string => knownZone(run.context.timeZone)

/** SQLite knows no zones: the offsets of the caller's zone stand in the text, so a run in another zone is another variant. */
function sqliteBucket(build: Build, field: FieldDef, column: string, by: Bucket): string {
  if (field.storage === 'date') return dayBucket(column, by)
  const zone = decide(build, timeZone)
  const offset = offsetSql(column, offsetsOf(zone))
  if (by !== 'HOUR') return dayBucket(`date(${column}, (${offset}) || ' seconds')`, by)
  return `strftime('%Y-%m-%dT%H:%M:%S.000Z', strftime('%Y-%m-%dT%H:00:00', ${column}, (${offset}) || ' seconds'), (-(${offset})) || ' seconds')`
}

function dayBucket(day: string, by: Bucket): string {
  switch (by) {
    case 'WEEK':
      return `date(${day}, 'weekday 0', '-6 days')`
    case 'MONTH':
      return `substr(${day}, 1, 7) || '-01'`
    case 'QUARTER':
      return `substr(${day}, 1, 5) || substr('0' || ((cast(substr(${day}, 6, 2) as integer) - 1) / 3 * 3 + 1), -2) || '-01'`
    case 'YEAR':
      return `substr(${day}, 1, 4) || '-01-01'`
    default:
      return day
  }
}

const known = new Map<string, ZoneChange[]>()

/** From 1970 to 2040; before and after them the nearest offset counts. */
function offsetsOf(zone: string): ZoneChange[] {
  const changes = known.get(zone) ?? zoneChanges(zone, 0, 2_208_988_800_000)
  known.set(zone, changes)
  return changes
}

/** Seconds ahead of UTC, found by halving. */
function offsetSql(column: string, changes: readonly ZoneChange[]): string {
  if (changes.length === 1) return String(changes[0]!.offset / 1000)
  const middle = Math.ceil(changes.length / 2)
  const [before, after] = [changes.slice(0, middle), changes.slice(middle)]
  return `case when ${column} < ${literal(formatInstant(after[0]!.at))} then ${offsetSql(column, before)} else ${offsetSql(column, after)} end`
}
