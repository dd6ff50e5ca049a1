import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import { keptKeys, KINDS } from '../kinds/index.ts'
import { documentPath } from '../report.ts'
import { didYouMean } from '../suggest.ts'
import { validateDocuments } from '../validate.ts'
import { hasId, identify, isGlobalId, sceneOf, type Scene } from './identity.ts'
import { changedKeys } from './json.ts'
import { checkShipped, type Refuse } from './shipped.ts'
import type { Change, PlanOptions, Question } from './types.ts'

/** A change and what it is a change of. */
export interface Resolved {
  /** The live document it changes, renames or deletes. */
  readonly before?: Document
  /** The deleted document it brings back. */
  readonly restored?: Document
  /** Absent: deleted. */
  readonly after?: Document
}

/** Finds what each change is about. Findings say which can't be, questions which may be several. */
export function resolveChanges(
  current: Catalog,
  changes: readonly Change[],
  options: PlanOptions,
  findings: Finding[],
  questions: Question[],
): Resolved[] {
  const documents = changes.flatMap((change) =>
    change.document === null ? [] : [{ file: fileOf(change), document: change.document }],
  )
  findings.push(...changes.filter((c) => !isSound(c)).map(unsound), ...validateDocuments(documents))
  if (findings.length > 0) return []
  const scene = sceneOf(current, changes)
  return changes.flatMap((change) => {
    const resolved = change.document
      ? resolveWrite(scene, change, change.document, options, findings, questions)
      : resolveDelete(scene, change, findings)
    if (!resolved) return []
    checkAllowed(current, resolved, options, findings)
    return [resolved]
  })
}

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(KINDS, kind)

/** Changes come from outside: the types above are a promise that a caller may break. */
const isSound = ({ kind, name, document }: Change): boolean =>
  isKind(kind) &&
  typeof name === 'string' &&
  (document === null || (typeof document === 'object' && document.kind === kind))

const unsound = ({ kind, name }: Change): Finding => ({
  code: 'BAD_CHANGE',
  severity: 'error',
  message: `The change of ${JSON.stringify(kind)} ${JSON.stringify(name)} does not say what it changes.`,
  hint: 'Give `kind`, `name`, and a `document` of that kind, or null to delete.',
})

function fileOf({ kind, name, document }: Change): string | undefined {
  const now: unknown = document?.name ?? name
  return isKind(kind) && typeof now === 'string' ? documentPath(kind, now) : undefined
}

function resolveDelete(scene: Scene, { kind, name }: Change, findings: Finding[]): Resolved | undefined {
  const { current } = scene
  const known = current.documents.get(kind)
  const before = known?.get(name)
  if (before) return scene.leaving.has(before) ? { before } : undefined
  if (current.deleted.some((d) => d.kind === kind && d.name === name)) return undefined
  findings.push({
    code: 'ALREADY_ABSENT',
    severity: 'warning',
    file: documentPath(kind, name),
    message: `There is no ${kind} ${name} to delete.`,
    hint: didYouMean(name, known?.keys() ?? []),
  })
  return undefined
}

function resolveWrite(
  scene: Scene,
  change: Change,
  document: Document,
  { shipped = false, newId }: PlanOptions,
  findings: Finding[],
  questions: Question[],
): Resolved | undefined {
  const { current } = scene
  const identity = identify(scene, change, document, shipped)
  if ('question' in identity) return void (questions.push(identity.question), findings.push(unanswered(identity.question))) // prettier-ignore
  if ('before' in identity) return { before: identity.before, after: keepIdentity(document, identity.before) }
  if ('restored' in identity) return { restored: identity.restored, after: keepIdentity(document, identity.restored) }
  const known = current.documents.get(document.kind)?.keys() ?? []
  if (change.sameAs !== undefined) findings.push(noSuchId(change.sameAs, document))
  if (change.renameFrom !== undefined) findings.push(nothingToRename(change.renameFrom, document, known))
  return { after: shipped ? document : withNewId(current, change, keepIdentity(document), newId) }
}

/** A new document keeps an id that is the same everywhere, or that it had before it was removed; else it gets one. */
function withNewId(current: Catalog, { isNew }: Change, document: Document, newId?: () => string): Document {
  const { id, ...rest } = document
  const taken = [...(current.documents.get(document.kind)?.values() ?? []), ...current.deleted.filter((d) => d.kind === document.kind)].some((d) => hasId(d, id)) // prettier-ignore
  if (id !== undefined && !taken && (isNew || !newId || isGlobalId(document))) return document
  return { ...rest, ...(newId && { id: newId() }) } as Document
}

const unanswered = ({ kind, name, text, choices }: Question): Finding => ({
  code: 'WHICH_DOCUMENT',
  severity: 'error',
  file: documentPath(kind, name),
  path: 'id',
  message: `${text} ${choices.map((choice) => choice.text).join(' · ')} · A new one.`,
  hint: `Answer with the change: sameAs: ${choices.map(({ id }) => JSON.stringify(id)).join(' or ')}, or isNew: true.`,
})

const noSuchId = (id: string, { kind, name }: Document): Finding => ({
  code: 'UNKNOWN_ID',
  severity: 'error',
  file: documentPath(kind, name),
  path: 'id',
  message: `There is no ${kind} with the id ${id} that ${name} could be.`,
  hint: 'Plan it without an answer to see the question again.',
})

const nothingToRename = (name: string, document: Document, known: Iterable<string>): Finding => ({
  code: 'NOTHING_TO_RENAME',
  severity: 'error',
  file: documentPath(document.kind, document.name),
  path: 'name',
  message: `There is no ${document.kind} ${name} to rename.`,
  hint: didYouMean(name, [...known]) ?? 'Leave `renameFrom` out to add a new one.',
})

/** What a document is given once stays, and a new one gets it here, whatever the writer says of it. Another id of it is remembered. */
function keepIdentity(document: Document, old?: Document): Document {
  const kept = keptKeys(document.kind)
  const own = Object.entries(old ?? {}).filter(([key]) => key === 'id' || (kept.has(key) && key !== 'deletedAt'))
  const stays = new Set(own.map(([key]) => key))
  const other = old && isGlobalId(document) && !hasId(old, document.id) ? { otherIds: [...(old.otherIds ?? []), document.id!] } : {} // prettier-ignore
  const entries = Object.entries({ ...document, ...Object.fromEntries(own) })
  const given = Object.fromEntries(entries.filter(([key]) => stays.has(key) || !kept.has(key)))
  return { ...given, ...other } as unknown as Document
}

function checkAllowed(current: Catalog, { before, after }: Resolved, options: PlanOptions, findings: Finding[]): void {
  const subject = after ?? before
  if (!subject) return
  const refuse = (code: string, path: string, message: string, hint: string) =>
    findings.push({ code, severity: 'error', file: documentPath(subject.kind, subject.name), path, message, hint })
  if (!options.shipped) checkShipped(current, before, after, refuse)
  if (before?.kind === 'EntitlementProcess') checkVersion(before, after, refuse)
}

/** What may change of a version that has been active. */
const OPEN_KEYS = new Set([
  'status',
  'isDefault',
  'label',
  'description',
  'versionNotes',
  '$schema',
  'id',
  'otherIds',
  'physicalName',
])

function checkVersion(
  before: Document & { kind: 'EntitlementProcess' },
  after: Document | undefined,
  refuse: Refuse,
): void {
  if (!after && before.status === 'active')
    refuse('VERSION_ACTIVE', 'status', `${before.name} is active, so it can't be deleted.`, 'Deactivate it first.')
  if (after?.kind !== 'EntitlementProcess') return
  if (after.name !== before.name)
    refuse(
      'VERSION_NAME',
      'name',
      `${before.name} keeps its name, because records and entitlements hold it.`,
      'Change its label, or make a new process.',
    )
  if (before.status === 'draft') return
  const keys = changedKeys(before, after).filter((key) => !OPEN_KEYS.has(key))
  if (keys.length > 0)
    refuse(
      'VERSION_IMMUTABLE',
      keys[0] ?? '',
      `${before.name} is ${before.status} and never changes again (${keys.join(', ')}).`,
      `Copy it to version ${before.version + 1} and change that.`,
    )
  if (after.status === 'draft')
    refuse(
      'VERSION_IMMUTABLE',
      'status',
      `${before.name} has been active and can't be a draft again.`,
      'Deactivate it, or copy it to a new version.',
    )
}
