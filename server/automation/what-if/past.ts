import type { CompiledProcess, Past, ProcessContext } from '#process'
import type { Instant, Row } from '#util'
import { contextOf, processRow } from '../processes/context.ts'
import { endOf, latest, pointsOf, readStories, rowAt, savesOf, snapshotsOf, valueAt } from '../processes/timeline.ts'
import type { Fields, Point, Points, Timelines } from '../processes/timeline.ts'
import { childIds } from '../rows.ts'
import { sameValue } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { loadDrafts } from '../save/load.ts'
import { pathsOf } from '../save/paths.ts'
import { explains, logOf, stretchesOf } from './logged.ts'
import type { Logged, Stretch } from './logged.ts'

/** What happened to a record, for a process that was not there. */
export interface RecordPast {
  /** Oldest first. */
  readonly past: readonly Past[]
  readonly contextAt: (at: Instant) => ProcessContext
  /** Paths of which nothing says what they were all the time: today's values stand in for them. */
  readonly unknown: readonly string[]
}

/** The record's hours, where neither the milestone nor the process names any. */
const HOURS = ['BusinessHoursId', 'Entitlement.BusinessHoursId']

/**
 * The record over time, from field history (its own and its parents') and from what the log says formulas read; saves of related records that the
 * process's rules watch; and what people did to its milestones.
 */
export async function pastOf(lines: Timelines, draft: Draft, process: CompiledProcess): Promise<RecordPast> {
  const { run } = lines
  await readStories(lines, [draft.id])
  const saves = savesOf(lines, draft.id)
  const logged = await logOf(run, draft.id, saves)
  const paths = [...new Set([...process.paths, ...(readsHours(process) ? HOURS : [])])]
  const fields = await fieldsOf(lines, draft, paths, logged)
  const stretches = stretchesOf(process.process, logged)
  const snapshots = snapshotsOf(fields, [...saves, ...logged].map(({ at }) => at))
  const related = await relatedOf(lines, draft, process, fields)
  const hands = logged.flatMap(({ at, event }) => (event ? [{ at, event }] : []))
  const past = [...snapshots, ...related.past, ...hands].filter(({ at }) => isIn(stretches, at))
  const ends = stretches.flatMap(({ to, end }) => (end ? [{ at: to, event: end }] : []))
  return {
    past: [...past, ...ends].sort((a, b) => a.at - b.at || rank(a) - rank(b)).map((one) => ({ ...one, at: Math.floor(one.at) })),
    contextAt: contexts(run, draft, fields, snapshots),
    unknown: [...unknownOf(fields, stretches), ...related.unknown],
  }
} // prettier-ignore

/** A start that is given anew comes before what the same save changed; what people do to milestones after it. */
const rank = (past: Past): number =>
  'event' in past ? (past.event.kind === 'edit' ? 0 : 3) : 'related' in past ? 2 : 1

const isIn = (stretches: readonly Stretch[], at: Instant): boolean => stretches.some(({ from, to }) => at >= from && at < to) // prettier-ignore

const readsHours = ({ document }: CompiledProcess): boolean =>
  document.businessHours === undefined && document.milestones.some((item) => item.businessHours === undefined)

async function fieldsOf(
  lines: Timelines,
  draft: Draft,
  paths: readonly string[],
  logged: readonly Logged[],
): Promise<Fields> {
  const today = processRow(lines.run, draft)
  const fields = new Map<string, Points>()
  for (const path of paths) {
    const points = await pointsOf(lines, draft.id, path, (name) => today[name] ?? null)
    const { origin, readOnly } = draft.object.field(path) ?? {}
    // What the platform keeps there follows from the process that is tried out.
    if (origin === 'process' && readOnly) continue
    fields.set(path, path === START ? givenStart(points, logged) : withLog(points, draft, path, logged))
  }
  return fields
}

const START = 'SlaStartDate'

/** A start that somebody gave before a process took up the record; what a process stamps follows from that process, and later ones are edits. */
function givenStart(points: Points, logged: readonly Logged[]): Points {
  const first = logged.find(({ process }) => process !== null)
  if (!first) return points
  const before = points.filter(({ at }) => at < first.at)
  return [...before, { at: first.at, value: first.inputs[START] ?? null, known: true }]
}

/** Where history says nothing, the log does: at each entry, and until the next when that explains how the value changed. */
function withLog(points: Points, { object, before }: Draft, path: string, logged: readonly Logged[]): Points {
  if (points.every(({ known }) => known)) return points
  const entries = logged.flatMap((entry): Point[] => {
    const value = entry.inputs[path]
    return value === undefined
      ? []
      : [{ at: entry.at, value, known: true, ...(!explains(entry, object, path) && { seen: true }) }]
  })
  const all = latest([...points, ...entries].sort((a, b) => a.at - b.at || certainty(a) - certainty(b)))
  const silent = path.includes('.') || path === 'OwnerId' ? 0 : Number(before!.Version) - savesIn(logged)
  return all.map((point, n) => {
    const next = all[n + 1]
    if (!point.known) return next ? { ...point, value: next.value } : point
    return next && mayHide(point, next, silent) ? { ...point, known: false } : point
  })
}

/** Saves of the record that left an entry; every change of its owner does. */
const savesIn = (logged: readonly Logged[]): number =>
  new Set(logged.filter(({ cause, process }, n) => cause.fields || (n === 0 && process !== null)).map(({ at }) => at))
    .size

/** Whether the value may have been another between two points: another came up without being said, or it went and came back in silent saves. */
const mayHide = (point: Point, next: Point, silent: number): boolean =>
  next.seen ? silent > 1 || !sameValue(next.value, point.value) : silent > 0

/** Of what is said of one instant a guess counts least, and the change itself most. */
const certainty = ({ known, seen }: Point): number => (!known ? 0 : seen ? 1 : 2)

/** Not known at some time while the process would have looked. */
const unknownOf = (fields: Fields, stretches: readonly Stretch[]): string[] =>
  [...fields].flatMap(([path, points]) =>
    points.some(({ known, at }, n) => !known && stretches.some(({ from, to }) => at < to && (points[n + 1]?.at ?? Infinity) > from)) ? [path] : [],
  ) // prettier-ignore

function contexts(
  run: Run,
  draft: Draft,
  fields: Fields,
  snapshots: readonly { readonly at: Instant; readonly record: Row }[],
): RecordPast['contextAt'] {
  const around = contextOf(run, draft)
  const text = (path: string, at: Instant): string | null => {
    const value = valueAt(fields.get(path) ?? [], endOf(at))
    return typeof value === 'string' ? value : null
  }
  return (now) => ({
    ...around,
    now,
    ...(fields.has(HOURS[0]!) && { recordHours: text(HOURS[0]!, now), entitlementHours: text(HOURS[1]!, now) }),
    history: snapshots.filter(({ at }) => Math.floor(at) < now),
  })
}

interface RelatedPast {
  readonly past: Past[]
  readonly unknown: string[]
}

/** Saves of the records that the process's completion rules watch. */
async function relatedOf(
  lines: Timelines,
  draft: Draft,
  process: CompiledProcess,
  fields: Fields,
): Promise<RelatedPast> {
  const all: RelatedPast = { past: [], unknown: [] }
  const rules = Map.groupBy(process.watches, ({ object, through }) => `${object} ${through}`)
  for (const watches of rules.values()) {
    const { object, through } = watches[0]!
    const paths = [...new Set(['Id', ...watches.flatMap((watch) => watch.paths)])]
    const { past, unknown } = await childrenOf(lines, draft, { object, through, paths }, fields)
    all.past.push(...past)
    all.unknown.push(...unknown)
  }
  return all
}

interface Watched {
  readonly object: string
  readonly through: string
  readonly paths: readonly string[]
}

async function childrenOf(
  lines: Timelines,
  draft: Draft,
  { object: name, through, paths }: Watched,
  fields: Fields,
): Promise<RelatedPast> {
  const { run } = lines
  const object = run.catalog.object(name)
  const field = object?.field(through)
  const all: RelatedPast = { past: [], unknown: [] }
  const ids = object && field ? await childIds(run.tx, object, field, [draft.id]) : []
  await readStories(lines, ids)
  const drafts = await loadDrafts(run, ids)
  await hydrate(run, drafts, (one) => pathsOf(run.catalog, one))
  for (const one of drafts) {
    const points = await childFields(lines, one, paths, field?.reference?.relationshipName, draft, fields)
    let prior: Row | undefined
    for (const { at } of savesOf(lines, one.id)) {
      const related = rowAt(points, at)
      const before = prior?.[through] === draft.id ? { ...related, ...ownOf(prior) } : undefined
      if (related[through] === draft.id) all.past.push({ at, object: name, related, prior: before })
      prior = related
    }
    for (const [path, values] of points) {
      if (values.some(({ known }) => !known)) all.unknown.push(`${name}.${path}`)
    }
  }
  return { ...all, unknown: [...new Set(all.unknown)] }
}

/** A record's own values; its parents are seen as they are at the save. */
const ownOf = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([path]) => !path.includes('.')))

async function childFields(
  lines: Timelines,
  child: Draft,
  paths: readonly string[],
  relationship: string | undefined,
  parent: Draft,
  fields: Fields,
): Promise<Fields> {
  const today = processRow(lines.run, child)
  const found = new Map<string, Points>()
  for (const path of paths) {
    const own = ofParent(path, relationship, parent.object.name)
    const points = own === undefined ? undefined : fields.get(own)
    found.set(path, points ?? (await pointsOf(lines, child.id, path, (name) => today[name] ?? null)))
  }
  return found
}

/** `Parent.Status` and `Parent:Case.Status` are the record's Status. */
function ofParent(path: string, relationship: string | undefined, object: string): string | undefined {
  const [hop, ...rest] = path.split('.')
  return (hop === relationship || hop === `${relationship}:${object}`) && rest.length > 0 ? rest.join('.') : undefined
}
