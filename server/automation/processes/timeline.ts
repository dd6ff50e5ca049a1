import { ownPaths, readRows } from '#records'
import type { FieldDef, ObjectDef } from '#metadata'
import { keyPrefixOf, parseInstant, pushTo } from '#util'
import type { Instant, Row, Value } from '#util'
import { childIds } from '../rows.ts'
import type { Run } from '../save/draft.ts'

/**
 * A value from `at` until the next point. Saves of one record in the same millisecond are told apart by fractions of it: what was there at its
 * beginning, each save in turn, what is seen at its end.
 */
export interface Point {
  readonly at: Instant
  readonly value: Value
  /** False: nothing says what it was; the value is a guess, today's. */
  readonly known: boolean
  /** It was seen then, and may have changed earlier, since the point before. */
  readonly seen?: true
}

export type Points = readonly Point[]

interface Change {
  readonly at: Instant
  readonly old: Value
}

const FRACTION = 1 / 1024
/** The last moment of an instant. */
export const endOf = (at: Instant): Instant => at + 1 - FRACTION

/** A record as it is stored, and what field history says of it. */
interface Story {
  readonly object: ObjectDef
  readonly today: Row
  readonly created: Instant
  readonly modified: Instant
  /** By field, the newest first. */
  readonly changes: ReadonlyMap<string, readonly Change[]>
}

/** What stored records were over time; each is read once. */
export interface Timelines {
  readonly run: Run
  readonly stories: Map<string, Story>
}

export const timelines = (run: Run): Timelines => ({ run, stories: new Map() })

export async function readStories({ run, stories }: Timelines, ids: readonly string[]): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !stories.has(id))
  const changes = await changesOf(run, missing)
  for (const [prefix, part] of Map.groupBy(missing, keyPrefixOf)) {
    const object = run.catalog.objectByKeyPrefix(prefix)
    const rows = object ? await readRows(run.tx, run.catalog, object, part, ownPaths(object)) : []
    for (const [id, today] of rows) stories.set(id, storyOf(object!, today, changes.get(id) ?? []))
  }
}

/** When a record that has been read is known to have been saved, oldest first, and what field history says changed. */
export function savesOf(
  { stories }: Timelines,
  id: string,
): { readonly at: Instant; readonly fields: readonly string[] }[] {
  const { created, modified, changes } = stories.get(id)!
  const saves = new Map<Instant, string[]>([[created, []]])
  for (const [field, all] of changes) for (const { at } of all) pushTo(saves, at, field)
  if (![...saves.keys()].some((at) => Math.floor(at) === modified)) saves.set(modified, [])
  return [...saves].map(([at, fields]) => ({ at, fields })).sort((a, b) => a.at - b.at)
}

/** A path's values over time; `otherwise` gives those of `$User` and the like, which have no past. */
export async function pointsOf(
  lines: Timelines,
  id: string,
  path: string,
  otherwise: (path: string) => Value = () => null,
): Promise<Points> {
  await readStories(lines, [id])
  const story = lines.stories.get(id)
  if (!story) return []
  if (path.startsWith('$')) return [{ at: story.created, value: otherwise(path), known: true }]
  const dot = path.indexOf('.')
  if (dot >= 0) return parentPoints(lines, story, path.slice(0, dot), path.slice(dot + 1))
  const field = story.object.field(path)
  return field ? ownPoints(story, field) : []
}

/** The values of a parent, which may be another at times. `hop`: a relationship, with the parent's object where it may be one of several. */
async function parentPoints(lines: Timelines, story: Story, hop: string, rest: string): Promise<Points> {
  const [name, type] = hop.split(':')
  const field = story.object.parent(name!)
  const references = field ? ownPoints(story, field) : []
  const found: Point[] = []
  for (const [n, { at, value, known, seen }] of references.entries()) {
    const fits = typeof value === 'string' && (type === undefined || objectOf(lines, value) === type)
    const all = fits ? await pointsOf(lines, value, rest) : [{ at, value: null, known: true }]
    for (const point of within(all, at, references[n + 1]?.at ?? Infinity))
      found.push({ ...point, known: point.known && known, ...(seen && point.at === at && { seen }) })
  }
  return found
}

const objectOf = ({ run }: Timelines, id: string): string | undefined =>
  run.catalog.objectByKeyPrefix(keyPrefixOf(id))?.name

async function changesOf(run: Run, ids: readonly string[]): Promise<Map<string, Row[]>> {
  const object = run.catalog.objects.get('FieldHistory')
  const byRecord = new Map<string, Row[]>()
  if (!object || ids.length === 0) return byRecord
  const found = await childIds(run.tx, object, object.field('RecordId')!, ids)
  const paths = ['RecordId', 'Field', 'OldValue', 'ChangedDate', 'RecordVersion']
  const rows = await readRows(run.tx, run.catalog, object, found, paths)
  for (const row of rows.values()) pushTo(byRecord, String(row.RecordId), row)
  return byRecord
}

function storyOf(object: ObjectDef, today: Row, history: readonly Row[]): Story {
  const changes = new Map<string, Change[]>()
  const rows = history.map((row) => ({
    row,
    at: instantOf(row, 'ChangedDate'),
    version: Number(row.RecordVersion ?? 0),
  }))
  for (const [at, all] of Map.groupBy(rows, (one) => one.at)) {
    const versions = [...new Set(all.map(({ version }) => version))].sort((a, b) => a - b)
    for (const { row, version } of all) {
      const old = typed(object.field(String(row.Field)), row.OldValue ?? null)
      pushTo(changes, String(row.Field), { at: at + (versions.indexOf(version) + 1) * FRACTION, old })
    }
  }
  for (const list of changes.values()) list.sort((a, b) => b.at - a.at)
  return {
    object,
    today,
    created: instantOf(today, 'CreatedDate'),
    modified: instantOf(today, 'LastModifiedDate'),
    changes,
  }
}

const instantOf = (row: Row, field: string): Instant => parseInstant(String(row[field])) ?? 0

const PARSED: ReadonlySet<string> = new Set(['boolean', 'decimal', 'integer', 'multi', 'geo', 'json'])

/** Field history keeps texts as they are, and everything else as JSON. */
const typed = (field: FieldDef | undefined, old: Value): Value =>
  typeof old === 'string' && field && PARSED.has(field.storage) ? (JSON.parse(old) as Value) : old

/** Walks from today's value back through the changes. What has no history is known only while the record is as it was last saved. */
function ownPoints({ today, created, modified, changes }: Story, field: FieldDef): Points {
  const known = field.trackHistory || isConstant(field) || (Number(today.Version) === 1 && !changesAlone(field))
  const points: Point[] = []
  let value = today[field.name] ?? null
  if (!known && !changesAlone(field)) points.push({ at: endOf(modified), value, known: true, seen: true })
  for (const { at, old } of changes.get(field.name) ?? []) {
    points.push({ at, value, known })
    value = old
  }
  points.push({ at: created, value, known })
  return latest(points.reverse())
}

const isConstant = (field: FieldDef): boolean =>
  field.type === 'AutoNumber' || field.createOnly || ['Id', 'CreatedDate', 'CreatedById'].includes(field.name)

/** The platform writes it without a save of the record: neither its version nor its last change says anything of it. */
const changesAlone = (field: FieldDef): boolean =>
  field.rollup !== undefined || (field.origin === 'process' && field.readOnly)

/** Of several points of one instant the last. */
export const latest = (points: Points): Points => points.filter(({ at }, n) => points[n + 1]?.at !== at)

/** The points that hold between two instants, the first of them from the beginning on. */
function within(points: Points, from: Instant, to: Instant): Points {
  const first = points.findLast(({ at }) => at <= from) ?? points[0]
  const { seen: _seen, ...start } = first ?? { value: null, known: false }
  return [{ ...start, at: from }, ...points.filter(({ at }) => at > from && at < to)]
}

export const valueAt = (points: Points, at: Instant): Value =>
  (points.findLast((point) => point.at <= at) ?? points[0])?.value ?? null

/** By path. */
export type Fields = ReadonlyMap<string, Points>

export const rowAt = (fields: Fields, at: Instant): Row =>
  Object.fromEntries([...fields].map(([path, points]) => [path, valueAt(points, at)]))

/** A row for every instant at which one of the values changed, and for these. */
export function snapshotsOf(
  fields: Fields,
  also: readonly Instant[] = [],
): { readonly at: Instant; readonly record: Row }[] {
  const instants = [...also, ...[...fields.values()].flat().map(({ at }) => at)]
  return [...new Set(instants)].sort((a, b) => a - b).map((at) => ({ at, record: rowAt(fields, at) }))
}
