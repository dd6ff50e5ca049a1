/** A target that people agreed upon: set by hand, with a reason, and taken back as easily. */
import type { Event, Instance } from '../types.ts'
import { calendarOf, type Draft, refuse } from './draft.ts'
import { retarget } from './govern.ts'
import { instanceOf } from './hand.ts'

type On<K extends Event['kind']> = Extract<Event, { kind: K }>

const FURTHEST = 3_653 * 86_400_000

/** It lies ahead: what has been missed can't be agreed away, only superseded by a later target, and stays as a row. */
export function setTarget(d: Draft, event: On<'setTarget'>, at: number): void {
  const instance = inProcess(d, event.instance)
  if (!instance) return
  if (!event.reason)
    return refuse(d, 'REASON_NEEDED', 'A target set by hand needs a reason.', 'Say who agreed to it, and why.')
  if (!calendarOf(d.rules, instance))
    return refuse(d, 'NO_HOURS', `The business hours of ${instance.milestone} are not known.`, 'Ask an administrator.')
  if (event.target <= instance.start)
    return refuse(d, 'BEFORE_START', 'The target must lie after the start of the milestone.', 'Give a later target.')
  if (event.target <= at)
    return refuse(
      d,
      'IN_PAST',
      'A target must lie ahead.',
      'Give a later target. What was done earlier is completed with its own date.',
    )
  if (event.target > at + FURTHEST)
    return refuse(d, 'TOO_FAR', 'A target lies within the next ten years.', 'Give an earlier target.')
  instance.manualTarget = {
    target: event.target,
    setAt: at,
    movesWithPauses: event.movesWithPauses ?? false,
    reason: event.reason,
    userId: event.cause.userId,
  }
  retarget(d, instance, at, { why: event.reason, what: 'targetSet' })
}

/** The goal, which was followed all along, decides again. */
export function clearTarget(d: Draft, event: On<'clearTarget'>, at: number): void {
  const instance = inProcess(d, event.instance)
  if (!instance) return
  if (!instance.manualTarget)
    return refuse(
      d,
      'NOT_SET',
      `The target of ${instance.milestone} is not set by hand.`,
      'Reload the record: somebody may have taken it back.',
    )
  delete instance.manualTarget
  retarget(d, instance, at, { why: event.reason ?? 'taken back by hand', what: 'targetCleared' })
}

/** Open, and of the run that the record is in: what its exit left open is settled. */
function inProcess(d: Draft, key: string): Instance | undefined {
  const instance = instanceOf(d, key, true)
  if (!instance || (d.state.phase === 'in' && instance.run === d.state.run)) return instance
  refuse(d, 'NOT_IN_PROCESS', 'The record is not in this process run any more.', 'Reopen the record first.')
  return undefined
}
