import type { RowDocument } from '#metadata'
import type { RowRename } from '../save/named-rows.ts'

/** A wish for one set-up row; null deletes it. */
export interface RowChange {
  readonly kind: 'Row'
  readonly name: string
  readonly document: RowDocument | null
  readonly renameFrom?: string
}

export interface RowStep {
  readonly action: 'addRow' | 'changeRow' | 'renameRow' | 'deleteRow' | 'restoreRow'
  readonly kind: 'Row'
  readonly id: string
  readonly name: string
  readonly text: string
  /** Fields and lists that change. */
  readonly keys?: readonly string[]
}

export interface RowsDeployed {
  readonly steps: readonly RowStep[]
  /** What takes the change back. */
  readonly undo: readonly RowChange[]
  /** Records in flight that are looked at again because of it. */
  readonly affected: number
  /** Rows that documents name, and that got other names. */
  readonly renames: readonly RowRename[]
}
