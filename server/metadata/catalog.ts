/** The compiled, immutable catalog. Everything outside the metadata room reads this and never a document. */
import type { Finding, TextFormat } from '#util'
import type {
  ActionDocument, AutoApplyRuleDocument, ClockMeasure, CustomLabelDocument, Document, EmailTemplateDocument, EntitlementProcessDocument, FieldDocument, FieldType, Kind,
  LayoutDocument, ListViewDocument, NamedKind, ObjectDocument, PermissionSetDocument, PicklistValue, SystemPermission, ValidationRuleDocument,
} from './documents.ts' // prettier-ignore
import type { CompiledFormula } from '#formula'

export interface Catalog {
  /** Counts up with every applied change; stored with the documents. */
  readonly version: number
  /** By API name, letter case as written; use `object()` for a case-insensitive look-up. */
  readonly objects: ReadonlyMap<string, ObjectDef>
  object(name: string): ObjectDef | undefined
  /** Custom labels, in any letter case. */
  label(name: string): CustomLabelDocument | undefined
  labels(): readonly CustomLabelDocument[]
  /** Names of the objects that `$Setup` reads. */
  settings(): readonly string[]
  names(): readonly string[]
  objectById(id: string): ObjectDef | undefined
  /** The object whose records' ids begin with these three characters. */
  objectByKeyPrefix(prefix: string): ObjectDef | undefined
  /** Versions of every entitlement process by full name (`Standard_Support_v1`). */
  readonly processes: ReadonlyMap<string, EntitlementProcessDocument>
  /** Active auto-apply rules of an object, in order. */
  autoApplyRules(object: string): readonly AutoApplyRuleDocument[]
  readonly actions: ReadonlyMap<string, ActionDocument>
  readonly emailTemplates: ReadonlyMap<string, EmailTemplateDocument>
  readonly permissionSets: ReadonlyMap<string, PermissionSetDocument>
  /** Every document, by kind and full name; what the editor, the API and a diff work on. */
  readonly documents: ReadonlyMap<Kind, ReadonlyMap<string, Document>>
  /** Objects and fields that are deleted but not purged; hidden everywhere else, their names are free, their data is kept. */
  readonly deleted: readonly Document[]
  /** What its documents are warned of. */
  readonly warnings: readonly Finding[]
}

export interface ObjectDef {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly pluralLabel: string
  readonly keyPrefix: string
  /** Physical table name: made once from the id, never changed by a rename. */
  readonly table: string
  /** In order: Id, the name field, declared fields, process fields, system fields. Deleted fields are not here. */
  readonly fields: readonly FieldDef[]
  /** Case-insensitive. */
  field(name: string): FieldDef | undefined
  fieldById(id: string): FieldDef | undefined
  /** The reference field that is followed under this relationship name (`Account`, `Region__r`). Case-insensitive. */
  parent(relationshipName: string): FieldDef | undefined
  /** Lists of child records by relationship name, e.g. Case.Milestones. */
  readonly children: ReadonlyMap<string, ChildRelationship>
  readonly nameField: FieldDef
  readonly custom: boolean
  readonly setup: boolean
  readonly platform: boolean
  readonly enableProcesses: boolean
  readonly customSettingsType?: 'Hierarchy' | 'List'
  /** The system permission that writing rows takes besides the grant on the object. */
  readonly writePermission?: SystemPermission
  readonly accessFrom?: FieldDef
  readonly quotes?: Quotes
  /** Active rules, compiled. */
  readonly validationRules: readonly ValidationRuleDef[]
  readonly closedWhen?: CompiledFormula
  readonly layouts: ReadonlyMap<string, LayoutDocument>
  readonly listViews: ReadonlyMap<string, ListViewDocument>
  readonly document: ObjectDocument
}

/** What of a row is made of other fields' values. */
export interface Quotes {
  /** Holds the ids of those fields; blank: there are none, or nobody has noted them (rows of the platform). */
  readonly sources: FieldDef
  /** Absent: the whole row. */
  readonly fields?: readonly FieldDef[]
}

export interface ChildRelationship {
  readonly name: string
  readonly object: string
  readonly field: string
}

export interface ValidationRuleDef {
  readonly document: ValidationRuleDocument
  readonly condition: CompiledFormula
}

/** How a value lies in SQL; the codecs of both dialects are keyed by this. `none` = computed, no column. */
export type Storage =
  'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime' | 'time' | 'id' | 'json' | 'multi' | 'geo' | 'none'

export interface FieldDef {
  readonly id: string
  /** API name. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly helpText?: string
  readonly storage: Storage
  /** Physical column: made once, never changed. Geolocation has two: `<column>_lat`, `<column>_lon`. Absent for Formula. */
  readonly column?: string
  readonly required: boolean
  readonly unique: boolean
  /** No two records with one value of this and one of that field. */
  readonly uniqueWith?: string
  readonly indexed: boolean
  readonly indexedWith?: string
  /** Callers may not set it: system fields, platform-maintained process fields, formulas, roll-ups, auto-numbers, `readOnly`. */
  readonly readOnly: boolean
  /** What it shows of its object's clock; the column has a value once that has stopped. */
  readonly computed?: ClockMeasure
  /** Callers may set it only when they create the record. */
  readonly createOnly: boolean
  /** Added by the compiler: Id, CreatedDate … or by `enableProcesses`. */
  readonly origin: 'system' | 'process' | 'declared'
  readonly custom: boolean
  /** The kind of document whose name it holds. */
  readonly names?: NamedKind
  /** What its text must be. */
  readonly format?: TextFormat
  /** Users may change it of themselves without the object's `writePermission`. */
  readonly personal: boolean
  readonly trackHistory: boolean
  readonly length?: number
  readonly precision: number
  readonly scale: number
  readonly picklist?: {
    readonly restricted: boolean
    readonly values: readonly PicklistValue[]
    readonly controllingField?: string
    readonly dependencies?: { readonly [value: string]: readonly string[] }
  }
  readonly reference?: {
    /** Object names; `any` = polymorphic over every object. */
    readonly to: readonly string[]
    readonly any: boolean
    readonly polymorphic: boolean
    readonly relationshipName: string
    readonly childRelationshipName?: string
    readonly onDelete: 'Cascade' | 'Restrict' | 'SetNull'
    readonly masterDetail: boolean
  }
  readonly displayFormat?: string
  readonly defaultValue?: string | number | boolean | null
  readonly defaultFormula?: CompiledFormula
  /** Boolean: the save that makes it true stamps the instant into this DateTime field, the one that makes it false blanks it. */
  readonly stampWhen?: CompiledFormula
  readonly formula?: CompiledFormula
  readonly rollup?: NonNullable<FieldDocument['rollup']>
  /** Its values are being counted: those that are stored are not right yet. */
  readonly calculating: boolean
  readonly document?: FieldDocument
}

export type CompileResult =
  | { readonly catalog: Catalog; readonly findings: readonly Finding[] }
  | { readonly catalog?: undefined; readonly findings: readonly Finding[] }
