/** Stopping the clock, for a while or for good. Loaded when somebody wants to. */
import { hand } from './api.ts'

export const cancelMilestone = (id: string, reason: string) =>
  hand('$id: ID!, $reason: String!', 'cancel(id: $id, reason: $reason)', { id, reason })

/** Without `id` all milestones of the record, those that start later too: then the argument is not written at all. */
const target = (id: string | undefined) => (id === undefined ? ['', ''] : [', $id: ID!', ', milestoneId: $id'])

export function pauseMilestones(record: string, id: string | undefined, reason: string) {
  const [declared, one] = target(id)
  return hand(`$record: ID!, $reason: String!${declared}`, `pause(recordId: $record, reason: $reason${one})`, { record, id, reason }) // prettier-ignore
}

export function resumeMilestones(record: string, id: string | undefined) {
  const [declared, one] = target(id)
  return hand(`$record: ID!${declared}`, `resume(recordId: $record${one})`, { record, id })
}
