import { findBy, readRows } from '#records'
import { keyPrefixOf, pushTo } from '#util'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { idsBy } from '../rows.ts'
import { checkValue } from './check-value.ts'
import { changed, fail, fieldAfter } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 4: types, lengths, picklists, required fields. Every failure is reported, each with its field. */
export function checkTypes(draft: Draft): void {
  for (const [name, value] of Object.entries(draft.changes)) {
    const field = draft.object.field(name)
    if (!field || draft.errors.some((e) => e.field === name)) continue
    const checked = checkValue(field, value)
    if ('value' in checked) draft.changes[name] = checked.value
    else fail(draft, checked.code, checked.message, name)
  }
  for (const field of draft.object.fields) checkRequired(draft, field)
  checkDependentPicklists(draft)
}

function checkRequired(draft: Draft, field: FieldDef): void {
  if (!field.required || field.storage === 'none' || field.type === 'AutoNumber' || field.type === 'RollupSummary')
    return
  const given = draft.changes[field.name]
  const blank = given === null || (given === undefined && draft.operation === 'create')
  if (blank && !draft.errors.some((e) => e.field === field.name) && !isMadeOfBlanks(draft, field))
    fail(draft, 'REQUIRED', `${field.label} is required.`, field.name)
}

/** A name that is made of required fields is blank because they are: they are the ones to name. */
const isMadeOfBlanks = (draft: Draft, field: FieldDef): boolean =>
  (field.defaultFormula?.paths ?? []).some(
    (path) => draft.object.field(path)?.required && (draft.changes[path] ?? draft.before?.[path] ?? null) === null,
  )

function checkDependentPicklists(draft: Draft): void {
  for (const field of draft.object.fields) {
    const { controllingField, dependencies } = field.picklist ?? {}
    if (!controllingField || !dependencies || !(changed(draft, field.name) || changed(draft, controllingField)))
      continue
    const value = draft.changes[field.name] ?? draft.before?.[field.name] ?? null
    const controlling = String(draft.changes[controllingField] ?? draft.before?.[controllingField] ?? '')
    const offered = Object.hasOwn(dependencies, controlling) ? dependencies[controlling]! : []
    if (value !== null && !offered.includes(String(value)))
      fail(
        draft,
        'NOT_IN_PICKLIST',
        `${field.label} can't be “${String(value)}” while ${whileText(draft, controllingField, controlling)}.`,
        field.name,
      )
  }
}

/** The controlling value is told to those alone who may read it; an action's failure is read by anybody. */
function whileText({ object, actor }: Draft, name: string, value: string): string {
  const label = object.field(name)?.label
  const told = actor.system === undefined && actor.permissions.object(object.name).canRead(name)
  return told ? `${label} is “${value}”` : `${label} is what it is`
}

/** Step 4, references: the record pointed at is there, is of a right object and may be read by the actor. */
export async function checkReferences(run: Run, drafts: readonly Draft[]): Promise<void> {
  const wanted = new Map<ObjectDef, { draft: Draft; field: FieldDef; id: string }[]>()
  for (const draft of drafts)
    for (const field of draft.object.fields) {
      const id = draft.changes[field.name]
      if (
        !field.reference ||
        typeof id !== 'string' ||
        id === draft.actor.userId ||
        (draft.before && !changed(draft, field.name))
      )
        continue
      const target = referenced(run, draft, field, id)
      if (target) pushTo(wanted, target, { draft, field, id })
    }
  for (const [object, uses] of wanted) await checkTargets(run, object, uses)
}

function referenced(run: Run, draft: Draft, field: FieldDef, id: string): ObjectDef | undefined {
  const target = run.catalog.objectByKeyPrefix(keyPrefixOf(id))
  const fits = target && (field.reference!.any || field.reference!.to.includes(target.name))
  const visible =
    fits &&
    (draft.actor.system !== undefined || draft.actor.permissions.object(target.name).read || field.origin === 'system')
  if (visible) return target
  if (!draft.errors.some((e) => e.field === field.name)) notThere(draft, field)
  return undefined
}

function notThere(draft: Draft, field: FieldDef): void {
  const kind = field.reference!.any ? 'record' : field.reference!.to.join(' or ')
  fail(draft, 'NOT_FOUND', `${field.label} must be the id of an existing ${kind}.`, field.name)
}

async function checkTargets(
  run: Run,
  object: ObjectDef,
  uses: readonly { draft: Draft; field: FieldDef; id: string }[],
): Promise<void> {
  const open = new Set(uses.map((u) => u.id).filter((id) => !isBeingMade(run, id) && !run.setUp.knows(id)))
  const rows = open.size
    ? await readRows(run.tx, run.catalog, object, [...open], ['IsDeleted'])
    : new Map<string, Row>()
  for (const { draft, field, id } of uses) {
    if (id === draft.id && draft.operation === 'create') continue
    if (open.has(id) && rows.get(id)?.IsDeleted !== false) notThere(draft, field)
  }
}

const isBeingMade = (run: Run, id: string): boolean => {
  const draft = run.draftById.get(id)
  return draft !== undefined && draft.operation !== 'delete' && draft.errors.length === 0
}

/** Step 5: unique fields, within the call and against the database. */
export async function checkUnique(run: Run, drafts: readonly Draft[]): Promise<void> {
  const byField = new Map<FieldDef, Draft[]>()
  for (const draft of drafts)
    for (const field of draft.object.fields)
      if (
        (field.unique || field.type === 'AutoNumber') &&
        field.name !== 'Id' &&
        changed(draft, field.name) &&
        draft.changes[field.name] !== null
      )
        pushTo(byField, field, draft)
  for (const [field, list] of byField) await checkUniqueField(run, field, list)
  await checkUniqueTogether(run, drafts)
}

async function checkUniqueField(run: Run, field: FieldDef, drafts: readonly Draft[]): Promise<void> {
  const taken = await idsBy(run.tx, drafts[0]!.object, field, [
    ...new Set(drafts.map((d) => d.changes[field.name] as Value)),
  ])
  const seen = new Map<string, Draft>()
  for (const draft of drafts) {
    const key = String(draft.changes[field.name])
    const other = taken.get(key)
    const twin = seen.get(key)
    if ((other !== undefined && other !== draft.id) || (twin && twin !== draft)) failUnique(draft, field)
    seen.set(key, draft)
  }
}

/** Two fields together: their values are looked for among the records that have the same value of the other field. */
async function checkUniqueTogether(run: Run, drafts: readonly Draft[]): Promise<void> {
  const byField = new Map<FieldDef, Draft[]>()
  for (const draft of drafts)
    for (const field of draft.object.fields)
      if (field.uniqueWith && (changed(draft, field.name) || changed(draft, field.uniqueWith)))
        pushTo(byField, field, draft)
  for (const [field, list] of byField) await checkPairs(run, list[0]!.object, field, list)
}

async function checkPairs(run: Run, object: ObjectDef, field: FieldDef, drafts: readonly Draft[]): Promise<void> {
  const other = object.field(field.uniqueWith!)!
  const names = [field.name, other.name]
  const pairOf = (valueOf: (name: string) => Value | undefined): string | undefined => {
    const values = names.map((name) => valueOf(name) ?? null)
    return values.includes(null) ? undefined : JSON.stringify(values)
  }
  const found = await findBy(run.tx, object, other, [...new Set(drafts.map((d) => fieldAfter(d, other.name) ?? null))])
  const rows = await readRows(run.tx, run.catalog, object, found.map(({ id }) => id), names) // prettier-ignore
  const taken = new Map([...rows].map(([id, row]) => [pairOf((name) => row[name]), id]))
  for (const draft of drafts) {
    const pair = pairOf((name) => fieldAfter(draft, name))
    if (pair === undefined) continue
    if ((taken.get(pair) ?? draft.id) !== draft.id) failPair(draft, field, other)
    taken.set(pair, draft.id)
  }
}

/** Names what the caller may read of the two. */
function failPair(draft: Draft, field: FieldDef, other: FieldDef): void {
  const access = draft.actor.permissions.object(draft.object.name)
  const [seen, hidden] = [field, other].toSorted((a, b) => Number(access.canRead(b.name)) - Number(access.canRead(a.name))) as [FieldDef, FieldDef] // prettier-ignore
  if (draft.actor.system !== undefined || access.canRead(hidden.name)) return failUnique(draft, field)
  fail(draft, 'UNIQUE', `Another ${draft.object.label} has this ${seen.label} already.`, seen.name)
}

/** What is said of a value that must be unique and is there already. */
export function isTaken(object: ObjectDef, field: FieldDef): string {
  const other = object.field(field.uniqueWith ?? '')
  return other && !field.unique
    ? `Another ${object.label} has this ${field.label} and this ${other.label} already.`
    : `Another ${object.label} already has this ${field.label}. It must be unique.`
}

function failUnique(draft: Draft, field: FieldDef): void {
  fail(draft, 'UNIQUE', isTaken(draft.object, field), field.name)
}
