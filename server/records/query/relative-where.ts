import { formatInstant } from '#util'
import type { FieldDef } from '#metadata'
import type { Slot } from '../query-tree.ts'
import { castOf } from './bind.ts'
import { param } from './build.ts'
import type { Build } from './build.ts'
import { storageOf } from './operators.ts'
import { rangeDates, relativeRange } from './relative-dates.ts'
import { memoized, slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'
import { localDay, startOfDay } from './zone.ts'

/** `from ≤ field < to`, both computed in the caller's zone and bound. */
export function compareRelative(build: Build, field: FieldDef, column: string, slot: Slot): string {
  const range = (run: Run): { from: string; to: string } =>
    memoized(run, slot, () => bounds(storageOf(field) === 'date', slot, run))
  const from = param(build, (run) => range(run).from, castOf(field))
  const to = param(build, (run) => range(run).to, castOf(field))
  return `(${column} >= ${from} and ${column} < ${to})`
}

function bounds(days: boolean, slot: Slot, run: Run): { from: string; to: string } {
  const { now, timeZone } = run.context
  const range = relativeRange(slotValue(slot, run), localDay(now, timeZone))
  if (days) return rangeDates(range)
  const to = range.untilNow ? now + 1 : startOfDay(range.to, timeZone)
  return { from: formatInstant(startOfDay(range.from, timeZone)), to: formatInstant(to) }
}
