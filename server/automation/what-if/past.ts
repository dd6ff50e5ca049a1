import { readRows } from '#records'
import type { CompiledProcess, Event, Past } from '#process'
import { parseInstant, pushTo } from '#util'
import type { Instant, Row, Value } from '#util'
import { processRow, recordHistory } from '../processes/context.ts'
import { childIds } from '../rows.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { loadDrafts } from '../save/load.ts'
import { pathsOf } from '../save/paths.ts'

interface Snapshot {
  readonly at: Instant
  readonly record: Row
}

/** An entry of the record's log: what the formulas read then, and what somebody did by hand. */
interface Logged {
  readonly at: Instant
  readonly inputs: Row
  readonly event: Event | undefined
}

/** What people did; what actions and timers did follows from the process itself. */
const BY_HAND: ReadonlySet<string> = new Set(['complete', 'correct', 'reopen', 'cancel', 'skip', 'pause', 'resume', 'edit', 'setTarget', 'clearTarget']) // prettier-ignore

/**
 * What happened to a record, oldest first, for a process that was not there: its fields over time (from field history and from what the log says
 * formulas read), saves of related records that its rules watch, and what people did to its milestones. What nothing tells of has its value of today.
 */
export async function pastOf(run: Run, draft: Draft, process: CompiledProcess): Promise<Past[]> {
  const logged = await logOf(run, draft.id)
  const snapshots = merged(await recordHistory(run, draft, process.paths), logged, processRow(run, draft), draft)
  const related = await relatedOf(run, draft, process, snapshots)
  const hands = logged.flatMap(({ event }) => (event ? [{ at: event.at, event }] : []))
  return [...snapshots, ...related, ...hands].sort((a, b) => a.at - b.at || rank(a) - rank(b))
}

const rank = (past: Past): number => ('event' in past ? 2 : 'related' in past ? 1 : 0)

async function logOf(run: Run, record: string): Promise<Logged[]> {
  const object = run.catalog.objects.get('MilestoneEvent')!
  const ids = await childIds(run.tx, object, object.field('ParentId')!, [record])
  const rows = await readRows(run.tx, run.catalog, object, ids, ['Seq', 'At', 'Inputs', 'Event'])
  return [...rows.values()]
    .sort((a, b) => Number(a.Seq) - Number(b.Seq))
    .map(({ At, Inputs, Event: event }) => ({
      at: parseInstant(String(At))!,
      inputs: wholeOnes((Inputs ?? {}) as Row),
      event: byHand(event as unknown as Event),
    }))
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

/** Fields that have history follow it; the others follow the log from its first entry on. The last snapshot is the record of today. */
function merged(history: readonly Snapshot[], logged: readonly Logged[], today: Row, draft: Draft): Snapshot[] {
  const steps = [
    ...history.map(({ at, record }, n) => ({ at, record: n === 0 ? record : difference(history[n - 1]!.record, record), logged: false })),
    ...logged.map(({ at, inputs }) => ({ at, record: inputs, logged: true })),
  ].sort((a, b) => a.at - b.at) // prettier-ignore
  const last = Math.max(parseInstant(String(draft.before?.LastModifiedDate)) ?? 0, steps.at(-1)?.at ?? 0)
  const settings = Object.fromEntries(Object.entries(today).filter(([path]) => path.startsWith('$Setup.')))
  const snapshots: Snapshot[] = []
  for (const [n, { at, record, logged: isLogged }] of [...steps, { at: last, record: today, logged: true }].entries()) {
    // One save leaves both: the log knows more fields, but its wake-up just before the change has the old value.
    const saved = isLogged && steps[n - 1]?.at === at && !steps[n - 1]!.logged ? steps[n - 1]! : undefined
    if (saved) snapshots.pop()
    const changes = saved && n > 1 ? saved.record : {}
    snapshots.push({ at, record: { ...snapshots.at(-1)?.record, ...record, ...changes, ...settings } })
  }
  return snapshots
}

const difference = (before: Row, after: Row): Row =>
  Object.fromEntries(Object.entries(after).filter(([path, value]) => before[path] !== value))

async function relatedOf(
  run: Run,
  draft: Draft,
  process: CompiledProcess,
  snapshots: readonly Snapshot[],
): Promise<Past[]> {
  const watched = new Map<string, string[]>()
  for (const { object, through } of process.watches)
    if (!watched.get(object)?.includes(through)) pushTo(watched, object, through)
  const past: Past[] = []
  for (const [name, fields] of watched)
    for (const through of fields) past.push(...(await savesOf(run, draft, name, through, snapshots)))
  return past
}

/** Each related record as it is today, at the time it was made, beside its parent as that was then. */
async function savesOf(
  run: Run,
  draft: Draft,
  name: string,
  through: string,
  snapshots: readonly Snapshot[],
): Promise<Past[]> {
  const object = run.catalog.object(name)
  const field = object?.field(through)
  if (!object || !field) return []
  const drafts = await loadDrafts(run, await childIds(run.tx, object, field, [draft.id]))
  await hydrate(run, drafts, (one) => pathsOf(run.catalog, one))
  return drafts.map((one) => {
    const at = parseInstant(String(one.before?.CreatedDate)) ?? run.now
    const related: { [path: string]: Value } = { ...processRow(run, one), Id: one.id }
    const then = snapshots.findLast((s) => s.at <= at)?.record ?? {}
    for (const path of Object.keys(related)) {
      const own = ofParent(path, field.reference?.relationshipName, draft.object.name)
      if (own !== undefined && own in then) related[path] = then[own]!
    }
    return { at, object: name, related }
  })
}

/** `Parent.Status` and `Parent:Case.Status` are the record's Status. */
function ofParent(path: string, relationship: string | undefined, object: string): string | undefined {
  const [hop, own, ...rest] = path.split('.')
  return (hop === relationship || hop === `${relationship}:${object}`) && rest.length === 0 ? own : undefined
}
