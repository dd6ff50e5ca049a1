/** Targets that people agreed upon. Loaded with the first of them. */
import { hand as ask } from './api.ts'
import type { Hand } from './hand.svelte.ts'
import type { Milestone } from './states.ts'

export interface NewTarget {
  readonly target: string
  readonly reason: string
  readonly moves: boolean
}

const set = (id: string, { target, reason, moves }: NewTarget) =>
  ask(
    '$id: ID!, $target: DateTime!, $reason: String!, $moves: Boolean!',
    'setTarget(id: $id, target: $target, reason: $reason, movesWithPauses: $moves)',
    { id, target, reason, moves },
  )
const clear = (id: string) => ask('$id: ID!', 'clearTarget(id: $id)', { id })

/** What stands there now, when somebody set it. */
const before = ({
  IsTargetManual,
  TargetDate,
  TargetReason,
  TargetMovesWithPauses,
}: Milestone): NewTarget | undefined =>
  IsTargetManual && TargetDate
    ? { target: TargetDate, reason: TargetReason ?? '', moves: TargetMovesWithPauses === true }
    : undefined

export function setTarget(hand: Hand, milestone: Milestone, label: string, given: NewTarget) {
  const old = before(milestone)
  const restore = () => (old ? set(milestone.Id, old) : clear(milestone.Id))
  const undo = { label: 'Undo', run: () => hand.click(restore, `${label} has its former target again.`) }
  return hand.attempt(() => set(milestone.Id, given), `The target of ${label} is set.`, undo)
}

export function takeBack(hand: Hand, milestone: Milestone, label: string) {
  const old = before(milestone)
  const again = () => hand.click(() => set(milestone.Id, old!), `The target of ${label} is set again.`)
  return hand.click(() => clear(milestone.Id), `The process sets the target of ${label} again.`, old && { label: 'Undo', run: again }) // prettier-ignore
}
