import { hasErrors, type Finding } from '#util'
import type { Catalog, CompileResult, FieldDef } from '../catalog.ts'
import { compileCatalog } from '../compile/compile.ts'
import type { Document, Kind } from '../documents.ts'
import { assignIdentities, identitiesOf, type Identities } from '../identities.ts'
import { backToFormer, columnForm, moveColumn } from './columns.ts'
import { refusedType } from './convertible.ts'
import { deleteDocuments } from './deletions.ts'
import { diffDocuments } from './diff.ts'
import { sameJson } from './json.ts'
import { newRings } from './new-rings.ts'
import { refusedPatterns } from './refused-patterns.ts'
import { refusedQueries } from './refused-queries.ts'
import { followRenames } from './rename.ts'
import { renamesOf } from './renames-of.ts'
import { resolveChanges, type Resolved } from './resolve.ts'
import type { Change, Plan, PlanOptions, PlanStep, Question } from './types.ts'

/**
 * What a set of changes would do: nothing is done here. Identity is the id; a rename keeps data and takes formulas, layouts, lists and processes along.
 * All findings at once; with an error there is no `next`. The same changes on the next catalog give a plan without steps.
 */
export function planChange(current: Catalog, changes: readonly Change[], options: PlanOptions = {}): Plan {
  const findings: Finding[] = []
  const questions: Question[] = []
  const resolved = resolveChanges(current, changes, options, findings, questions)
  const documents = allDocuments(current)
  if (hasErrors(findings)) return { ...finish(current, documents, [], findings), questions }
  const deletes = resolved.some((r) => !r.after)
  if (deletes && options.at === undefined)
    findings.push({
      code: 'MISSING',
      severity: 'error',
      path: 'at',
      message: 'The plan deletes something and does not know when.',
      hint: 'Give `at`, an instant.',
    })
  const next = apply(current, resolved, options.at ?? '', findings)
  const asked = askedFor(resolved)
  const steps = diffDocuments(documents, next, asked)
  return steps.length === 0 && !hasErrors(findings)
    ? finish(current, documents, [], findings, current)
    : check(current, next, steps, findings, options.at ?? '')
}

/** Everything a catalog knows, deleted documents included: what the host has stored. */
export const allDocuments = (catalog: Catalog): Document[] => [...liveDocuments(catalog), ...catalog.deleted]
const liveDocuments = (catalog: Catalog): Document[] =>
  [...catalog.documents.values()].flatMap((byName) => [...byName.values()])

function apply(current: Catalog, resolved: readonly Resolved[], at: string, findings: Finding[]): Document[] {
  const renames = renamesOf(current, resolved)
  const taken = identitiesOf(allDocuments(current))
  const followed = new Map(liveDocuments(current).map((d) => [d, renames ? followRenames(current, d, renames) : d]))
  const written = new Map(
    resolved.flatMap((r) =>
      r.before && r.after ? [[r.before, withColumn(current, r.before, r.after, taken, at)] as const] : [],
    ),
  )
  const deleted = new Set(resolved.flatMap((r) => (r.before && !r.after ? [r.before] : [])))
  const live = liveDocuments(current).map((d) => ({ old: d, now: written.get(d) ?? keepSame(d, followed.get(d) ?? d) }))
  const added = resolved.flatMap((r) => (!r.before && r.after ? [r.after] : []))
  const back = new Set(resolved.flatMap((r) => (r.restored ? [r.restored] : [])))
  const cameBack = current.deleted
    .filter((d) => !back.has(d) && [...back].some((b) => returnsWith(d, b)))
    .map(withoutDeletion)
  const doomed = live.filter((l) => deleted.has(l.old)).map((l) => l.now)
  const result = deleteDocuments(current, live.map((l) => l.now), doomed, at, findings) // prettier-ignore
  const stillDeleted = current.deleted.filter(
    (d) => !back.has(d) && !cameBack.some((c) => c.kind === d.kind && c.id === d.id),
  )
  return assignIdentities([...result.live, ...added, ...cameBack, ...result.hidden, ...stillDeleted])
}

/** What was deleted with its object comes back with it. */
const returnsWith = (document: Document, object: Document): boolean =>
  object.kind === 'Object' &&
  document.kind !== 'Object' &&
  document.deletedAt === object.deletedAt &&
  document.name.startsWith(`${object.name}.`)

function withoutDeletion(document: Document): Document {
  const { deletedAt: _, ...rest } = document
  return rest as Document
}

const keepSame = (old: Document, now: Document): Document => (sameJson(old, now) ? old : now)

/** A new way to store values needs a new column, or the one that the field left and goes back to. */
function withColumn(current: Catalog, before: Document, after: Document, taken: Identities, at: string): Document {
  if (before.kind !== 'Field' || after.kind !== 'Field') return after
  if (columnForm(current, before) === columnForm(current, after)) return { ...after, physicalName: before.physicalName }
  return backToFormer(current, before, after, at) ?? moveColumn(current, before, after, taken, at)
}

/** Steps that nobody asked for follow from a rename or a deletion. */
function askedFor(resolved: readonly Resolved[]): (d: Document) => boolean {
  const ids = new Set(
    resolved.flatMap((r) => [r.before, r.after, r.restored].flatMap((d) => (d ? [`${d.kind}:${d.id ?? d.name}`] : []))),
  )
  return (d) => ids.has(`${d.kind}:${d.id}`) || ids.has(`${d.kind}:${d.name}`)
}

function check(
  current: Catalog,
  next: readonly Document[],
  steps: readonly PlanStep[],
  findings: Finding[],
  at: string,
): Plan {
  findings.push(...steps.flatMap(refusedType))
  const inUse = findings.some((f) => f.code === 'IN_USE')
  const [documents, compiled] = inUse ? [next] : compileWithColumns(current, next, at)
  const catalog = compiled?.catalog
  findings.push(...refusedPatterns(compiled?.findings ?? [], steps))
  if (catalog) findings.push(...newRings(current, catalog), ...refusedQueries(current, catalog, steps))
  return finish(current, documents, steps, findings, catalog)
}

/** A roll-up is stored like the field it sums, so a change there may give a field that did not change another form, and with it another column. */
function compileWithColumns(
  current: Catalog,
  documents: readonly Document[],
  at: string,
): [readonly Document[], CompileResult] {
  const compiled = compileCatalog(documents, current.version + 1)
  if (!compiled.catalog) return [documents, compiled]
  const stale = new Set(
    [...compiled.catalog.objects.values()].flatMap((o) =>
      o.fields.filter((f) => keepsWrongColumn(current.objectById(o.id)?.fieldById(f.id), f)).map((f) => f.document),
    ),
  )
  if (stale.size === 0) return [documents, compiled]
  const taken = identitiesOf(documents)
  const moved = documents.map((d) => (d.kind === 'Field' && stale.has(d) ? moveColumn(current, d, d, taken, at) : d))
  return [moved, compileCatalog(moved, current.version + 1)]
}

const keepsWrongColumn = (old: FieldDef | undefined, now: FieldDef): boolean =>
  old?.column !== undefined &&
  old.column === now.column &&
  (old.storage !== now.storage || (now.storage === 'decimal' && old.scale !== now.scale))

function finish(
  current: Catalog,
  documents: readonly Document[],
  steps: readonly PlanStep[],
  findings: readonly Finding[],
  next?: Catalog,
): Plan {
  const errors = findings.filter((f) => f.severity === 'error')
  return {
    ...(next && errors.length === 0 && { next }),
    documents: errors.length === 0 ? documents : allDocuments(current),
    steps,
    questions: [],
    warnings: findings.filter((f) => f.severity === 'warning'),
    findings: errors,
  }
}

/** The changes that make a catalog hold just these documents: what a folder deploys. What it leaves out is deleted only when told. */
export function changesTo(
  current: Catalog,
  documents: readonly Document[],
  options: { readonly deleteMissing?: boolean; readonly kinds?: readonly Kind[] } = {},
): Change[] {
  const writes = documents.map((document): Change => ({ kind: document.kind, name: document.name, document }))
  if (!options.deleteMissing) return writes
  const kept = new Set(documents.flatMap((d) => [`${d.kind}:${d.name}`, `${d.kind}#${d.id}`]))
  const missing = liveDocuments(current).filter(
    (d) =>
      !kept.has(`${d.kind}:${d.name}`) && !kept.has(`${d.kind}#${d.id}`) && (options.kinds?.includes(d.kind) ?? true),
  )
  return [...writes, ...missing.map((d): Change => ({ kind: d.kind, name: d.name, document: null }))]
}
