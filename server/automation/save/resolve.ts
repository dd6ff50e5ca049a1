import { hasWholeRecycleBin, ownPaths, readRows, seesSources } from '#records'
import type { AccessContext, Actor } from '#records'
import type { FieldDef, ObjectDef } from '#metadata'
import { pushTo } from '#util'
import type { Row } from '#util'
import { idsBy } from '../rows.ts'
import { ownSources, quotesIn } from '../source-fields.ts'
import type { SaveRequest } from '../types.ts'
import { addDraft, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Turns requests into drafts with before-images: one read for each object, whatever the number of rows. `actors`: whose request each is. */
export async function resolveRequests(
  run: Run,
  requests: readonly SaveRequest[],
  actors: readonly Actor[] = [],
): Promise<Draft[]> {
  const ids = await idsOf(run, requests)
  const before = await beforeImages(run, requests, ids)
  return requests.map((request, index) => draftOf(run, request, index, actors[index] ?? run.actor, ids[index], before))
}

async function idsOf(run: Run, requests: readonly SaveRequest[]): Promise<(string | undefined)[]> {
  const ids = requests.map((r) => ('id' in r ? r.id : undefined))
  const upserts = new Map<string, number[]>()
  requests.forEach((r, i) => {
    if (r.operation !== 'upsert') return
    const key = `${r.object}.${r.by.field}`
    pushTo(upserts, key, i)
  })
  for (const positions of upserts.values()) await findUpserts(run, requests, positions, ids)
  return ids
}

async function findUpserts(
  run: Run,
  requests: readonly SaveRequest[],
  positions: readonly number[],
  ids: (string | undefined)[],
): Promise<void> {
  const of = (i: number) => requests[i] as Extract<SaveRequest, { operation: 'upsert' }>
  const first = of(positions[0]!)
  const object = run.catalog.object(first.object)
  const field = object?.field(first.by.field)
  if (!object || !field?.unique) return
  const found = await idsBy(
    run.tx,
    object,
    field,
    positions.map((i) => of(i).by.value),
  )
  for (const i of positions) ids[i] = found.get(String(of(i).by.value))
}

async function beforeImages(
  run: Run,
  requests: readonly SaveRequest[],
  ids: readonly (string | undefined)[],
): Promise<Map<string, Row>> {
  const wanted = new Map<ObjectDef, string[]>()
  requests.forEach((request, i) => {
    const object = run.catalog.object(request.object)
    if (object && ids[i]) pushTo(wanted, object, ids[i])
  })
  const images = new Map<string, Row>()
  for (const [object, list] of wanted)
    for (const [id, row] of await readRows(run.tx, run.catalog, object, list, ownPaths(object), { lock: true }))
      images.set(id, row)
  return images
}

function draftOf(
  run: Run,
  request: SaveRequest,
  index: number,
  actor: Actor,
  id: string | undefined,
  before: Map<string, Row>,
): Draft {
  const object = run.catalog.object(request.object)
  if (!object) throw new Error(`No object ${request.object}`)
  const row = id === undefined ? undefined : before.get(id)
  const creates = request.operation === 'create' || (request.operation === 'upsert' && id === undefined)
  const operation = creates ? 'create' : request.operation === 'upsert' ? 'update' : request.operation
  const draft = addDraft(run, {
    object,
    operation: operation as Draft['operation'],
    id: creates ? newIdOf(run, object, request) : (id ?? ''),
    before: row,
    changes: 'values' in request ? { ...request.values } : {},
    actor,
    index,
  })
  if (request.operation === 'upsert') checkUpsertField(draft, object.field(request.by.field), request)
  if (!creates) checkExists(run, draft, request)
  return draft
}

const newIdOf = (run: Run, object: ObjectDef, request: SaveRequest): string =>
  ('newId' in request ? request.newId : undefined) ?? run.newId(object)

function checkUpsertField(
  draft: Draft,
  field: FieldDef | undefined,
  request: Extract<SaveRequest, { operation: 'upsert' }>,
): void {
  if (!field?.unique)
    fail(
      draft,
      'NOT_UNIQUE',
      `${request.by.field} is no unique field of ${draft.object.label}. Upsert needs an external id or another unique field.`,
      request.by.field,
    )
  else if (request.by.value === null || request.by.value === '')
    fail(draft, 'REQUIRED', `Upsert needs a value of ${field.label} to find the ${draft.object.label} by.`, field.name)
  else if (draft.operation === 'create') draft.changes[field.name] = request.by.value
}

function checkExists(run: Run, draft: Draft, request: SaveRequest): void {
  const deleted = draft.before?.IsDeleted === true
  if (!draft.before || deleted !== (draft.operation === 'undelete') || (deleted && !isInBin(draft))) {
    const where = draft.operation === 'undelete' ? 'in the recycle bin' : 'with this id; it may have been deleted'
    fail(draft, 'NOT_FOUND', `There is no ${draft.object.label} ${where}.`)
    return
  }
  const read = 'version' in request ? request.version : undefined
  if (read !== undefined && read !== draft.before.Version) failStale(run, draft)
}

/** Somebody else's recycle bin answers like none. */
const isInBin = ({ actor, before }: Draft): boolean =>
  hasWholeRecycleBin(actor) || before?.LastModifiedById === actor.userId

/** Not a hidden field's value, and not a text that has one. */
const mayRead = (access: AccessContext, draft: Draft, field: string): boolean =>
  (access.system !== undefined || access.permissions.object(draft.object.name).canRead(field)) &&
  (!quotesIn(draft.object, field) || seesSources(access, ownSources(draft)))

function failStale({ catalog }: Run, draft: Draft): void {
  const conflict = Object.fromEntries(
    Object.entries(draft.changes)
      .filter(([field]) => mayRead({ ...draft.actor, catalog }, draft, field))
      .map(([field, yours]) => [field, { current: draft.before?.[field] ?? null, yours }]),
  )
  draft.errors.push({
    code: 'STALE',
    message: `Somebody else has saved this ${draft.object.label} since you opened it. Look at both values and save again.`,
    conflict,
  })
}
