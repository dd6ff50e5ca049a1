import { readRows } from '#records'
import type { ObjectDef } from '#metadata'
import type { Cause, Event } from '#process'
import { parseInstant } from '#util'
import type { Instant, Row } from '#util'
import { childIds } from '../rows.ts'
import type { Run } from '../save/draft.ts'

/** An entry of the record's log: what the formulas read then, and what somebody did by hand. */
export interface Logged {
  readonly at: Instant
  /** The process that the record was in after it. */
  readonly process: string | null
  readonly cause: Cause
  readonly inputs: Row
  readonly event: Event | undefined
}

/** What people did; what actions and timers did follows from the process itself. */
const BY_HAND: ReadonlySet<string> = new Set(['complete', 'correct', 'reopen', 'cancel', 'skip', 'pause', 'resume', 'edit', 'setTarget', 'clearTarget']) // prettier-ignore

/** Oldest first. `saves`: what field history tells, by which entries of one instant are told apart. */
export async function logOf(
  run: Run,
  record: string,
  saves: readonly { readonly at: Instant; readonly fields: readonly string[] }[],
): Promise<Logged[]> {
  const object = run.catalog.objects.get('MilestoneEvent')!
  const ids = await childIds(run.tx, object, object.field('ParentId')!, [record])
  const rows = await readRows(run.tx, run.catalog, object, ids, ['Seq', 'At', 'Inputs', 'Event', 'Process', 'Cause']) // prettier-ignore
  let last = -Infinity
  return [...rows.values()]
    .sort((a, b) => Number(a.Seq) - Number(b.Seq))
    .map(loggedOf)
    .map((entry) => {
      const save = saves.find(({ at, fields }) => Math.floor(at) === entry.at && at > last && fields.some((name) => entry.cause.fields?.includes(name)))
      last = Math.max(last, save?.at ?? entry.at)
      return { ...entry, at: last }
    })
} // prettier-ignore

function loggedOf({ At, Inputs, Event: stored, Process, Cause: cause }: Row): Logged {
  const event = stored as unknown as Event
  return {
    at: parseInstant(String(At))!,
    process: typeof Process === 'string' ? Process : null,
    cause: cause as unknown as Cause,
    inputs: { ...wholeOnes((Inputs ?? {}) as Row), ...hoursOf(event) },
    event: byHand(event),
  }
}

/** Without what was observed: that concerned another process. */
function byHand(event: Event): Event | undefined {
  if (!BY_HAND.has(event.kind)) return undefined
  const { observation: _observation, ...rest } = event
  return rest as Event
}

/** The log cuts long texts. */
const wholeOnes = (inputs: Row): Row =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => typeof value !== 'string' || !value.endsWith('…')))

/** Which hours counted tells what the record and its entitlement named. */
function hoursOf({ observation }: Event): Row {
  const { from, id } = Object.values(observation?.items ?? {}).find(({ hours }) => hours)?.hours ?? {}
  if (from === 'record') return { BusinessHoursId: id ?? null }
  if (from === 'entitlement') return { BusinessHoursId: null, 'Entitlement.BusinessHoursId': id ?? null }
  return from === 'organisation' ? { BusinessHoursId: null, 'Entitlement.BusinessHoursId': null } : {}
}

/** Whether an entry is the very moment at which a value changed, so that it was another until then. */
export function explains({ cause: { kind, fields } }: Logged, object: ObjectDef, path: string): boolean {
  const [hop, rest] = path.split('.', 2)
  const own = rest === undefined ? hop! : object.parent(hop!.split(':')[0]!)?.name
  const ofAnother = rest !== undefined && fields === undefined && kind !== 'timer'
  return kind === 'lookup' || ofAnother || (own !== undefined && fields?.includes(own) === true)
}

/** A time in which the process governed the record, up to `to`, and what ended it. */
export interface Stretch {
  readonly from: Instant
  readonly to: Instant
  readonly end?: Event
}

/** All the time, where no version of the process ever governed the record. A deactivation ends nothing: a version that is tried out was not deactivated. */
export function stretchesOf(process: string, logged: readonly Logged[]): Stretch[] {
  const stretches: Stretch[] = []
  let from: Instant | undefined
  for (const entry of logged) {
    if (from === undefined && entry.process === process) from = entry.at
    if (from === undefined || entry.process === process || entry.cause.kind === 'deactivation') continue
    const end: Event = { kind: 'detach', at: Math.floor(entry.at), cause: entry.cause, reason: 'no process any more' }
    stretches.push({ from, to: entry.at, end })
    from = undefined
  }
  if (from !== undefined) stretches.push({ from, to: Infinity })
  return stretches.length > 0 ? stretches : [{ from: -Infinity, to: Infinity }]
}
