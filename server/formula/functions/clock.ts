import { DAY_MS, modulo } from '../dates.ts'
import { localDay } from '../runtime.ts'
import type { SqlPart } from '../sql/part.ts'
import { define, lenient, type FunctionDef } from './define.ts'

const clockPart = (sql: string, type: 'DateTime' | 'Date'): SqlPart => ({
  type,
  sql,
  nullable: false,
  denominator: 1n,
  bound: 0n,
})

export const clock: readonly FunctionDef[] = [
  define({
    name: 'NOW',
    group: 'Date and time',
    signature: 'NOW()',
    summary: 'The present moment, the same in the whole formula.',
    varying: true,
    overloads: [
      lenient([], 'DateTime', (c) => c.now, {
        nullable: false,
        sql: (_, build) => clockPart(build.parameter('now', 'DateTime'), 'DateTime'),
      }),
    ],
  }),
  define({
    name: 'TODAY',
    group: 'Date and time',
    signature: 'TODAY()',
    summary: "Today's date in the user's time zone.",
    varying: true,
    overloads: [
      lenient([], 'Date', (c) => localDay(c.now, c.timeZone), {
        nullable: false,
        sql: (_, build) => clockPart(build.parameter('today', 'Date'), 'Date'),
      }),
    ],
  }),
  define({
    name: 'TIMENOW',
    group: 'Date and time',
    signature: 'TIMENOW()',
    summary: 'The present time of day, in GMT.',
    varying: true,
    noSql: 'it is another time a moment later',
    overloads: [lenient([], 'Time', (c) => modulo(c.now, DAY_MS), { nullable: false })],
  }),
]
