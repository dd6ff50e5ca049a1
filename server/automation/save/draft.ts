import type { Actor, Counted } from '#records'
import type { Catalog, ObjectDef } from '#metadata'
import type { Transaction } from '#database'
import type { Instant, Row, Value } from '#util'
import type { FieldError } from '../types.ts'
import type { SetUp } from '../set-up/set-up.ts'
import type { Migration } from '../journal/store.ts'
import type { FiredStep, PendingAction, ProcessWork } from '../processes/work.ts'
import { layered } from './layers.ts'

/** A record on its way to be written: what it was, what changes, and what is wrong with it. */
export interface Draft {
  readonly object: ObjectDef
  readonly operation: 'create' | 'update' | 'delete' | 'undelete'
  readonly id: string
  /** Own stored fields as the database has them; absent for a create. */
  readonly before?: Row
  /** What is to be written, by field name: the caller's values, then defaults, then what rules and actions set. */
  readonly changes: { [field: string]: Value }
  /** Which of them came from the caller or an action, and so are checked against permissions and count as a change of the record. */
  readonly actor: Actor
  /** Position in the caller's list; -1 when an action made it. */
  readonly index: number
  readonly errors: FieldError[]
  /** Looked at again in the next round. */
  dirty: boolean
  /** Parents' values by dotted path, and those of `$User`; see hydrate. */
  parents: Row
  /** Checked for permissions and given defaults; done once, whatever actions change later. */
  admitted: boolean
  /** Actions that wrote to it in the round before, and what it was until then: undone together when it does not hold. */
  touched: { readonly by: Touch[]; readonly changes: { [field: string]: Value } } | undefined
}

/** What one action set. */
export interface Touch {
  readonly step: FiredStep
  readonly set: Row
}

/** One save, from first read to last write, inside one transaction and at one instant. */
export interface Run {
  readonly tx: Transaction
  readonly catalog: Catalog
  readonly setUp: SetUp
  readonly now: Instant
  readonly actor: Actor
  readonly cause: string
  readonly drafts: Draft[]
  readonly draftById: Map<string, Draft>
  /** Process state being thought about, by record id; written once at the end. */
  readonly work: Map<string, ProcessWork>
  /** Actions asked for outside an evaluation; performed in the next round. */
  readonly asked: PendingAction[]
  /** Records that a timer woke: their first evaluation is a wake. */
  readonly wakes: Set<string>
  /** Records that move to another version of their process. */
  readonly migrations: Map<string, Migration>
  /** What made the platform look at a record again, for its log. */
  readonly reasons: Map<string, string>
  /** Roll-ups that have another value after the save. */
  readonly counted: Counted[]
  readonly newId: (object: ObjectDef) => string
}

/** Own fields as they will stand after the save. */
export function after(draft: Draft): Row {
  return layered(draft.changes, draft.before)
}

/** One own field as it will stand after the save. */
export const fieldAfter = (draft: Draft, field: string): Value | undefined =>
  field in draft.changes ? draft.changes[field] : draft.before?.[field]

/** The row a formula reads: own fields and parents' by dotted path, under those that it is to see otherwise. */
export function formulaRow(draft: Draft, otherwise?: Row): Row {
  return layered(otherwise, draft.parents, draft.changes, draft.before)
}

export function changed(draft: Draft, field: string): boolean {
  if (!(field in draft.changes)) return false
  return !sameValue(draft.before?.[field] ?? null, draft.changes[field] ?? null)
}

/** Equal as JSON; the order of keys tells nothing, because PostgreSQL keeps its own. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [x, y] = [a as Row, b as Row]
  const keys = Object.keys(x)
  return keys.length === Object.keys(y).length && keys.every((key) => key in y && sameValue(x[key]!, y[key]!))
}

export function fail(draft: Draft, code: string, message: string, field?: string): void {
  draft.errors.push(field === undefined ? { code, message } : { field, code, message })
}

export function addDraft(run: Run, draft: Omit<Draft, 'errors' | 'dirty' | 'parents' | 'admitted' | 'touched'>): Draft {
  const made: Draft = {
    ...draft,
    errors: [],
    dirty: true,
    parents: Object.create(null) as Row,
    admitted: false,
    touched: undefined,
  }
  run.drafts.push(made)
  run.draftById.set(made.id, made)
  return made
}
