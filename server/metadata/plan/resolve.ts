import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import { keptKeys, KINDS } from '../kinds/index.ts'
import { documentPath } from '../report.ts'
import { didYouMean } from '../suggest.ts'
import { validateDocuments } from '../validate.ts'
import { changedKeys } from './json.ts'
import { checkShipped, type Refuse } from './shipped.ts'
import type { Change, PlanOptions } from './types.ts'

/** A change and what it is a change of. */
export interface Resolved {
  /** The live document it changes, renames or deletes. */
  readonly before?: Document
  /** The deleted document it brings back. */
  readonly restored?: Document
  /** Absent: deleted. */
  readonly after?: Document
}

/** Finds what each change is about: by id, then by `renameFrom`, then by name. Findings say which can't be. */
export function resolveChanges(
  current: Catalog,
  changes: readonly Change[],
  options: PlanOptions,
  findings: Finding[],
): Resolved[] {
  const documents = changes.flatMap((change) =>
    change.document === null ? [] : [{ file: fileOf(change), document: change.document }],
  )
  findings.push(...changes.filter((c) => !isSound(c)).map(unsound), ...validateDocuments(documents))
  if (findings.length > 0) return []
  return changes.flatMap((change) => {
    const resolved = change.document
      ? resolveWrite(current, change, change.document, options, findings)
      : resolveDelete(current, change, findings)
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

function resolveDelete(current: Catalog, { kind, name }: Change, findings: Finding[]): Resolved | undefined {
  const known = current.documents.get(kind)
  const before = known?.get(name)
  if (before) return { before }
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
  current: Catalog,
  change: Change,
  document: Document,
  { shipped }: PlanOptions,
  findings: Finding[],
): Resolved {
  const live = current.documents.get(document.kind) ?? new Map<string, Document>()
  const byId = document.id === undefined ? undefined : [...live.values()].find((d) => d.id === document.id)
  const before =
    byId ?? (change.renameFrom === undefined ? undefined : live.get(change.renameFrom)) ?? live.get(document.name)
  if (before) return { before, after: keepIdentity(document, before) }
  const restored =
    document.id === undefined
      ? undefined
      : current.deleted.find((d) => d.kind === document.kind && d.id === document.id)
  if (restored) return { restored, after: keepIdentity(document, restored) }
  if (change.renameFrom !== undefined) findings.push(nothingToRename(change.renameFrom, document, live.keys()))
  return { after: shipped ? document : keepIdentity(document) }
}

const nothingToRename = (name: string, document: Document, known: Iterable<string>): Finding => ({
  code: 'NOTHING_TO_RENAME',
  severity: 'error',
  file: documentPath(document.kind, document.name),
  path: 'name',
  message: `There is no ${document.kind} ${name} to rename.`,
  hint: didYouMean(name, [...known]) ?? 'Leave `renameFrom` out to add a new one.',
})

/** What a document is given once stays, and a new one gets it here, whatever the writer says of it. */
function keepIdentity(document: Document, old?: Document): Document {
  const kept = keptKeys(document.kind)
  const own = Object.entries(old ?? {}).filter(([key]) => key === 'id' || (kept.has(key) && key !== 'deletedAt'))
  const stays = new Set(own.map(([key]) => key))
  const entries = Object.entries({ ...document, ...Object.fromEntries(own) })
  return Object.fromEntries(entries.filter(([key]) => stays.has(key) || !kept.has(key))) as unknown as Document
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
