import type { Instant } from '#util'
import { DatabaseError } from '../errors.ts'
import type { ManualClock } from '../types.ts'

interface Alarm {
  readonly at: Instant
  readonly order: number
  readonly callback: () => void
}

const earliest = (alarms: ReadonlySet<Alarm>, until: Instant): Alarm | undefined => {
  let first: Alarm | undefined
  for (const alarm of alarms) {
    if (alarm.at <= until && (!first || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order)))
      first = alarm
  }
  return first
}

/**
 * A clock that moves only when told. Alarms ring in due order, each with the clock standing at its own instant
 * (or where it already is, for one that is past); an alarm set while another rings takes part in the same move.
 */
export function manualClock(start: Instant): ManualClock {
  let now = start
  let order = 0
  const alarms = new Set<Alarm>()
  const set = (target: Instant): void => {
    if (!Number.isInteger(target)) throw new DatabaseError('BAD_VALUE', 'The manual clock moves by whole milliseconds.')
    for (let alarm = earliest(alarms, target); alarm; alarm = earliest(alarms, target)) {
      alarms.delete(alarm)
      now = Math.max(now, alarm.at)
      alarm.callback()
    }
    now = target
  }
  return {
    now: () => now,
    wake(at, callback) {
      const alarm = { at, order: order++, callback }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    advance(ms) {
      if (ms < 0) throw new DatabaseError('BAD_VALUE', 'The clock can be moved forward only.')
      set(now + ms)
      return now
    },
    set,
  }
}
