import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'

/** One wish of an admin. `document: null` deletes. A rename is never guessed: the document carries the id of the old one, or `renameFrom` says its name, or it is asked. */
export interface Change {
  readonly kind: Kind
  readonly name: string
  readonly document: Document | null
  readonly renameFrom?: string
  /** Answers a question of the plan: the id of the stored document that this one is … */
  readonly sameAs?: string
  /** … or that it is none of them. */
  readonly isNew?: boolean
}

/** A document that may be one of several stored ones, or a new one. */
export interface Question {
  readonly kind: Kind
  readonly name: string
  readonly text: string
  readonly choices: readonly { readonly id: string; readonly name: string; readonly text: string }[]
}

export interface PlanOptions {
  /** ISO instant of the plan: when deleted things are deleted and columns are left. Needed when something is. */
  readonly at?: string
  /** An id for a new document, the same in no other organisation; without it a new one is named by its name. */
  readonly newId?: () => string
  /** The change comes with a release: names without `__c` may be new, renamed or deleted. */
  readonly shipped?: boolean
}

export type StepAction =
  | 'createObject' | 'changeObject' | 'renameObject' | 'deleteObject' | 'restoreObject'
  | 'addField' | 'changeField' | 'renameField' | 'changeFieldType' | 'deleteField' | 'restoreField'
  | 'addOther' | 'changeOther' | 'renameOther' | 'deleteOther' // prettier-ignore

export interface PlanStep {
  readonly action: StepAction
  readonly kind: Kind
  readonly id: string
  /** Full API name after the step; of a deletion, before it. */
  readonly name: string
  /** Full API name before a rename. */
  readonly from?: string
  /** One plain sentence. */
  readonly text: string
  /** Keys of the document that change. */
  readonly keys?: readonly string[]
  /** Not asked for: it follows from a rename or a deletion. */
  readonly follows?: boolean
  readonly before?: Document
  readonly after?: Document
}

export interface Plan {
  /** The catalog after the change, absent when a finding is an error. The current one when nothing changes. */
  readonly next?: Catalog
  /** Every document after the change, deleted ones included: what the host stores. */
  readonly documents: readonly Document[]
  /** Empty when the change is already in force. */
  readonly steps: readonly PlanStep[]
  readonly warnings: readonly Finding[]
  /** Each is an error, too, until it is answered. */
  readonly questions: readonly Question[]
  /** Errors that forbid the change. */
  readonly findings: readonly Finding[]
}
