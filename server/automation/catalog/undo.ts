/** Taking a change of metadata back: what is written down when it is applied, and what is made of that later. */
import { allDocuments, columnForm, takeBack } from '#metadata'
import type { Catalog, Document, Plan } from '#metadata'
import type { StoredChange } from '#records'
import type { Finding } from '#util'
import type { DocumentChange } from '../engine-types.ts'
import { changedDocuments, goneDocuments } from './changed-documents.ts'

/** A change that takes another back. One that removes a document again says which by its id, as it may be called otherwise by then. */
export type UndoChange = DocumentChange & { readonly id?: string }

/** The documents as they were, and the removal of those that were not there. */
export function undoOf(current: Catalog, plan: Plan): UndoChange[] {
  if (!plan.next) return []
  const before = new Map(allDocuments(current).map((d) => [keyOf(d), d]))
  const gone = goneDocuments(current, plan.next).map((d) => before.get(keyOf(d))!)
  const changed = changedDocuments(current, plan.next).map((d): UndoChange => {
    const old = before.get(keyOf(d))
    if (!old) return { kind: d.kind, name: d.name, document: null, ...(d.id === undefined ? {} : { id: d.id }) }
    return { kind: d.kind, name: old.name, document: old, ...(old.name === d.name ? {} : { renameFrom: d.name }) }
  })
  return [...changed, ...gone.map((d) => ({ kind: d.kind, name: d.name, document: d }))]
}

const keyOf = ({ kind, id }: { readonly kind: string; readonly id?: string | undefined }): string => `${kind} ${id}`

/** What an undo would do, or why it can't be done any more. */
export interface UndoDraft {
  readonly changes: DocumentChange[]
  readonly warnings: string[]
  /** What it can't bring back. */
  readonly losses: string[]
  readonly findings: Finding[]
}

/** `later` are the changes since, the oldest first. */
export function undoDraft(current: Catalog, stored: StoredChange, later: readonly StoredChange[]): UndoDraft {
  const draft: UndoDraft = { changes: [], warnings: [], losses: [], findings: [] }
  const history: History = {
    version: stored.version,
    current,
    present: new Map(allDocuments(current).map((d) => [keyOf(d), d])),
    later: later.map((change) => ({ version: change.version, steps: textsOf(change), undo: undosOf(change) })),
  }
  for (const change of undosOf(stored)) take(change, history, draft)
  return draft
}

interface History {
  readonly version: number
  readonly current: Catalog
  /** Every document there is, deleted ones among them. */
  readonly present: ReadonlyMap<string, Document>
  readonly later: readonly { readonly version: number; readonly steps: string; readonly undo: readonly UndoChange[] }[]
}

const undosOf = ({ undo }: StoredChange): UndoChange[] => (Array.isArray(undo) ? (undo as unknown as UndoChange[]) : [])
const textsOf = ({ changes }: StoredChange): string => (Array.isArray(changes) ? changes.map(String).join(' ') : '')

function take(change: UndoChange, history: History, draft: UndoDraft): void {
  if (change.kind === 'Row') draft.changes.push(change)
  else if (change.document === null) remove(change, history, draft)
  else restore(change.document as Document, history, draft)
}

function remove(change: UndoChange, history: History, { changes, warnings }: UndoDraft): void {
  const { kind, id, name } = change
  const present = id === undefined ? undefined : history.present.get(keyOf({ kind, id }))
  if (present?.deletedAt !== undefined) return
  const now = present?.name ?? name
  changes.push({ kind, name: now, document: null } as DocumentChange)
  warnings.push(...history.later.filter((l) => l.undo.some((u) => isPartOf(u, now))).map((l) => `What version ${l.version} did goes with ${now}: ${l.steps}`)) // prettier-ignore
}

const isPartOf = ({ name, document }: UndoChange, gone: string): boolean =>
  [name, document?.name].some((n) => n === gone || n?.startsWith(`${gone}.`))

function restore(before: Document, history: History, draft: UndoDraft): void {
  const { version, current, later, present } = history
  const key = keyOf(before)
  const now = present.get(key)
  const since = later.filter((l) => l.undo.some((u) => keyOfUndo(u) === key))
  if (!now) return void recreate(before, version, draft)
  const after = (since[0]?.undo.find((u) => keyOfUndo(u) === key)?.document as Document | undefined) ?? now
  const { document, conflicts } = takeBack(before, after, now)
  if (conflicts.length > 0 || (document.deletedAt !== undefined && before.deletedAt === undefined))
    return void draft.findings.push(changedSince(before, version, since))
  draft.losses.push(...missingColumn(current, document, now))
  draft.changes.push({ kind: before.kind, name: before.name, document, sameAs: now.id! }) // prettier-ignore
}

const keyOfUndo = ({ kind, id, document }: UndoChange): string =>
  keyOf({ kind, id: id ?? (document as Document | null)?.id })

/** Deleted objects and fields stay for a while, with their data; of all others the document is everything. */
function recreate(before: Document, version: number, { changes, findings }: UndoDraft): void {
  if (before.kind !== 'Object' && before.kind !== 'Field')
    return void changes.push({ kind: before.kind, name: before.name, document: before, isNew: true })
  findings.push({
    code: 'UNDO_GONE',
    severity: 'error',
    message: `${before.name} was removed for good, with its data, fifteen days after it was deleted; version ${version} can’t be undone any more.`,
    hint: `Make ${before.name} anew.`,
  })
}

function changedSince({ name }: Document, version: number, since: History['later']): Finding {
  const versions = since.map((l) => `version ${l.version} (${l.steps})`).join(', ')
  return {
    code: 'UNDO_CHANGED_SINCE',
    severity: 'error',
    message: `${name} was changed again by ${versions || 'a later version'}, so version ${version} can’t be undone by itself.`,
    hint: `Undo ${since.map((l) => l.version).reverse().join(', then ') || 'the later ones'} first.`, // prettier-ignore
  }
}

/** The column with the values of then is kept for fifteen days. */
function missingColumn(current: Catalog, document: Document, now: Document): string[] {
  if (document.kind !== 'Field' || now.kind !== 'Field' || now.physicalName === undefined) return []
  const form = columnForm(current, document)
  return form === columnForm(current, now) || now.formerColumns?.some((former) => former.form === form)
    ? []
    : [`The values that ${document.name} had before were kept for fifteen days and are gone: the present ones are converted.`] // prettier-ignore
}
