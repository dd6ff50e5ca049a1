/** Who asks. Every read and every save names an actor; system work names its reason. */
import type { SystemPermission } from '#metadata'
import type { Where } from './query-tree.ts'

export interface ObjectAccess {
  readonly create: boolean
  readonly read: boolean
  readonly edit: boolean
  readonly delete: boolean
  /** By field name. System fields Id, Name and those an object needs to be listed are readable with the object. */
  canRead(field: string): boolean
  canEdit(field: string): boolean
}

/** Compiled once per (set of permission sets, catalog version) and shared by every actor that has it. */
export interface Permissions {
  /** Hash of the permission sets and the catalog version; part of every cache key. */
  readonly key: string
  readonly system: ReadonlySet<SystemPermission>
  /** Everything, whatever is made later: from `viewAll` or `modifyAll`. */
  readonly all?: 'view' | 'modify'
  object(name: string): ObjectAccess
  /** Reads every field there is, was or will be: viewAll or modifyAll, and nothing denied. */
  readonly readsAll: boolean
  /** Sharing: which rows of the object may be seen, besides the rules that every table reference carries. Absent or undefined = all of them. */
  rowFilter?(object: string): Where | undefined
}

export interface Actor {
  readonly userId: string
  readonly permissions: Permissions
  /** IANA zone and locale of the user, for TODAY and display values. */
  readonly timeZone: string
  readonly locale: string
  /** Set by asSystem(reason): no checks, and the reason is logged. */
  readonly system?: string
}
