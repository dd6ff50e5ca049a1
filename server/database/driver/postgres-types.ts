import { types } from 'pg'
import type { CustomTypesConfig } from 'pg'

const { builtins } = types
const text = (value: string): string => value
/** `2026-03-06 16:00:00.5+00` → `2026-03-06T16:00:00.500Z`; sessions run in UTC. */
const instant = (value: string): string => {
  const m = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d*)?\+00$/.exec(value)
  return m ? `${m[1]}T${m[2]}.${(m[3] ?? '').padEnd(3, '0')}Z` : value
}
const timeOfDay = (value: string): string => {
  const [clock, fraction = ''] = value.split('.')
  return `${clock}.${fraction.padEnd(3, '0').slice(0, 3)}`
}

const PARSERS = new Map<number, (value: string) => unknown>([
  [builtins.INT8, text],
  [builtins.NUMERIC, text],
  [builtins.DATE, text],
  [builtins.TIME, timeOfDay],
  [builtins.TIMESTAMPTZ, instant],
  [builtins.TIMESTAMP, text],
  [builtins.JSON, text],
  [builtins.JSONB, text],
])

/** Values as they go over the room's interface: exact numbers, dates and JSON as text, never a Date or a rounded number. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    PARSERS.get(oid) ?? types.getTypeParser(oid, format)) as typeof types.getTypeParser,
}
