/** What waits to happen by itself, what did, and the messages on their way out: every document of the queue page. */
import type { FieldError } from '$lib/api/errors.ts'
import { graphql } from '$lib/api/graphql.ts'
import { orderOf, readPage, type Page } from '$lib/api/records.ts'
import type { Where } from '$lib/fields/where.ts'

export type Part = 'timers' | 'messages'

interface Named {
  readonly Id: string
  readonly Name: string | null
}
interface Common extends Named {
  readonly Kind: string
  readonly Status: string
  readonly Attempts: number | null
  readonly Parent: (Named & { readonly __typename: string }) | null
  readonly RecordMilestone: Named | null
}
export interface Timer extends Common {
  readonly Step: string | null
  readonly Cycle: number | null
  readonly DueDate: string
  readonly FiredAt: string | null
  readonly LagMs: number | null
  readonly Reason: string | null
}
export interface Message extends Common {
  readonly Action: string | null
  readonly Recipients: string | null
  readonly Subject: string | null
  readonly Payload: { readonly [key: string]: unknown } | null
  readonly LastError: string | null
  readonly NextAttemptDate: string | null
  readonly SentDate: string | null
  readonly CreatedDate: string
}

interface PartDef {
  readonly object: 'MilestoneTimer' | 'OutboxMessage'
  readonly select: string
  /** Groups of states, the first one shown first. */
  readonly states: { readonly [key: string]: { readonly label: string; readonly of: readonly string[] } }
  /** Fields that a search looks into. */
  readonly searched: readonly string[]
}
const COMMON = 'Name Kind Status Attempts Parent { __typename Id Name } RecordMilestone { Id Name }'

export const PARTS: { readonly [part in Part]: PartDef } = {
  timers: {
    object: 'MilestoneTimer',
    select: `${COMMON} Step Cycle DueDate FiredAt LagMs Reason`,
    states: {
      waiting: { label: 'Waiting', of: ['Pending', 'Claimed'] },
      fired: { label: 'Fired', of: ['Fired'] },
      skipped: { label: 'Skipped', of: ['Skipped', 'Cancelled'] },
      failed: { label: 'Failed', of: ['Failed'] },
    },
    searched: ['Name'],
  },
  messages: {
    object: 'OutboxMessage',
    select: `${COMMON} Action Recipients Subject Payload LastError NextAttemptDate SentDate CreatedDate`,
    states: {
      waiting: { label: 'Waiting', of: ['Pending', 'Sending', 'Retrying'] },
      held: { label: 'Held', of: ['Held'] },
      dead: { label: 'Dead letters', of: ['Dead'] },
      sent: { label: 'Sent', of: ['Sent'] },
    },
    searched: ['Recipients', 'Subject', 'Action'],
  },
}

/** What is still to come stands with the next one first, all else with the newest. */
export function orderFor(part: Part, state: string) {
  if (part === 'messages') return [orderOf('CreatedDate', 'desc')]
  return [orderOf('DueDate', state === 'waiting' ? 'asc' : 'desc')]
}

export function whereFor(part: Part, state: string, words: string): Where {
  const { states, searched } = PARTS[part]
  const wanted = words.trim()
  const found = wanted ? [{ or: searched.map((field) => ({ [field]: { contains: wanted } })) }] : []
  return { and: [{ Status: { in: states[state]?.of ?? [] } }, ...found] }
}

const PAGE = 50

export const readQueue = (part: Part, state: string, words: string, after: string | undefined, signal?: AbortSignal): Promise<Page> =>
  readPage(
    { object: PARTS[part].object, select: PARTS[part].select, where: whereFor(part, state, words), orderBy: orderFor(part, state), first: PAGE, after },
    signal,
  ) // prettier-ignore

type Groups = readonly { readonly group: { readonly Status: string }; readonly count: number }[]

/** How many there are of each group of states. */
export async function countStates(part: Part, signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const { object, states } = PARTS[part]
  const query = `query QueueCounts { groups: ${object}Aggregate(groupBy: ["Status"]) { group { Status } count } }`
  const { groups } = await graphql<{ groups: Groups }>(query, {}, signal)
  const sum = (of: readonly string[]) =>
    groups.reduce((total, one) => (of.includes(one.group.Status) ? total + one.count : total), 0)
  return new Map(Object.entries(states).map(([key, { of }]) => [key, sum(of)]))
}

type Refusals = readonly FieldError[]

export async function cancelTimer(id: string, reason: string): Promise<Refusals> {
  const query =
    'mutation CancelTimer($id: ID!, $reason: String!) { timer { done: cancel(id: $id, reason: $reason) { errors { field code message } } } }'
  return (await graphql<{ timer: { done: { errors: Refusals } } }>(query, { id, reason })).timer.done.errors
}

export async function retryTimer(id: string): Promise<Refusals> {
  const query = 'mutation RetryTimer($id: ID!) { timer { done: retry(id: $id) { errors { field code message } } } }'
  return (await graphql<{ timer: { done: { errors: Refusals } } }>(query, { id })).timer.done.errors
}

export async function resendMessage(id: string): Promise<Refusals> {
  const query = 'mutation Resend($id: ID!) { outbox { done: resend(id: $id) { errors { field code message } } } }'
  return (await graphql<{ outbox: { done: { errors: Refusals } } }>(query, { id })).outbox.done.errors
}
