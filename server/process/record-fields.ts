/** The columns that the platform keeps on the record itself. */
import type { Row } from '#util'
import { pausedSince } from './clock.ts'
import { iso } from './rows.ts'
import { isOpen } from './step/draft.ts'
import { standing } from './step/fire.ts'
import { isNotEvaluated } from './not-evaluated.ts'
import type { Instance, Pause, Rules, State } from './types.ts'

export interface RecordFields {
  readonly fields: Row
  /** Key of the milestone for NextMilestoneId. */
  readonly nextMilestone: string | null
}

export function recordFields(rules: Rules, state: State): RecordFields {
  const next = nextOf(state)
  const held = state.phase === 'in' ? state.signals.filter(holdsRecord) : []
  const fields: Row = {
    EntitlementProcessVersionId: state.process,
    ProcessRun: state.run === 0 ? null : state.run,
    SlaStartDate: iso(state.start),
    SlaExitDate: iso(state.exit),
    IsPaused: held.length > 0,
    PausedSince: held.length > 0 ? iso(Math.min(...held.map((p) => p.from))) : null,
    PauseReason: held.length > 0 ? held.map((p) => p.reason).join(', ').slice(0, 255) : null,
    MilestoneStatus: milestoneStatus(rules, state),
    NextTargetDate: iso(next?.target),
  } // prettier-ignore
  return { fields, nextMilestone: next?.key ?? null }
}

const holdsRecord = (p: Pause): boolean => p.to === null && (p.source === 'hand' || p.source.startsWith('process/'))

/** The open milestone that is due first; one that is paused has no due time until it goes on, one that the exit left behind has none at all. */
function nextOf(state: State): Instance | undefined {
  const open = current(state).filter((i) => isOpen(i) && !i.silent && i.target !== null && pausedSince(i) === null)
  return open.reduce<Instance | undefined>(
    (least, i) => (least === undefined || i.target! < least.target! ? i : least),
    undefined,
  )
}

const current = (state: State): Instance[] => state.instances.filter((i) => i.run === state.run)

/**
 * The worst of the run's milestones. A broken promise is worse than one at risk; one that could not be worked out may be broken
 * without anybody knowing, and only what is broken for certain goes before it. Blank for a record in no process.
 */
function milestoneStatus(rules: Rules, state: State): string | null {
  const all = current(state)
  if (all.some((i) => isOpen(i) && standing(i))) return 'Open Violation'
  if (isNotEvaluated(rules, state)) return 'Not evaluated'
  if (all.length === 0 && (state.phase === 'none' || state.phase === 'waiting')) return null
  if (all.some((i) => standing(i))) return 'Closed Violation'
  return all.some((i) => isOpen(i) && i.warned) ? 'At Risk' : 'Compliant'
}
