/** What a person may do to a milestone by hand, besides completing it, in the state that it is in. */
import { isOpen, type Milestone, type MilestoneState } from './states.ts'

export type HandAction = 'pause' | 'resume' | 'resumeRecord' | 'setTarget' | 'clearTarget' | 'reopen' | 'cancel'

/** The server's names for pauses by hand: of the whole record, and of one milestone. A rule's pause ends by itself. */
const WHOLE_RECORD = 'hand'
const THIS_ONE = 'hand/this'

/** For the newest cycle of a milestone on a record that the caller may edit; `inProcess`: the record has not left its process. */
export function handActions(milestone: Milestone, state: MilestoneState, inProcess: boolean): readonly HandAction[] {
  if (isOpen(state)) return [...(inProcess ? [...pausing(milestone, state), ...targeting(milestone)] : []), 'cancel']
  return inProcess && milestone.CompletionDate ? ['reopen'] : []
}

const targeting = ({ IsTargetManual }: Milestone): readonly HandAction[] =>
  IsTargetManual ? ['setTarget', 'clearTarget'] : ['setTarget']

function pausing({ Pauses }: Milestone, state: MilestoneState): readonly HandAction[] {
  if (state !== 'Paused') return ['pause']
  // Who may not read the pauses is offered both; the server says which one it was.
  if (!Pauses) return ['resume', 'resumeRecord']
  const by = (source: string) => Pauses.nodes.some((pause) => pause.Source === source)
  return [...(by(THIS_ONE) ? (['resume'] as const) : []), ...(by(WHOLE_RECORD) ? (['resumeRecord'] as const) : [])]
}
