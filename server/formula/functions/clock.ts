import { DAY_MS, modulo } from '../dates.ts'
import { localDay } from '../runtime.ts'
import { define, lenient, type FunctionDef } from './define.ts'

export const clock: readonly FunctionDef[] = [
  define({
    name: 'NOW',
    group: 'Date and time',
    signature: 'NOW()',
    summary: 'The present moment, the same in the whole formula.',
    varying: true,
    fast: 'any',
    overloads: [lenient([], 'DateTime', (c) => c.now, { nullable: false })],
  }),
  define({
    name: 'TODAY',
    group: 'Date and time',
    signature: 'TODAY()',
    summary: "Today's date in the user's time zone.",
    varying: true,
    fast: 'any',
    overloads: [lenient([], 'Date', (c) => localDay(c.now, c.timeZone), { nullable: false })],
  }),
  define({
    name: 'TIMENOW',
    group: 'Date and time',
    signature: 'TIMENOW()',
    summary: 'The present time of day, in GMT.',
    varying: true,
    fast: 'any',
    overloads: [lenient([], 'Time', (c) => modulo(c.now, DAY_MS), { nullable: false })],
  }),
]
