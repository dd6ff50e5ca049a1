/**
 * The documents an admin writes: one JSON document a thing, the same on disk, in the database, in the editor and over the API.
 * Every document has `kind` and `name` (its full API name, unique within its kind). Words are Salesforce's Metadata API's where it has one.
 * `id` is the stable identity: given once (that of a shipped document is its name; the server gives new ones an id that is the same in no other organisation), never changed by a rename.
 */
import type { TextFormat } from '#util'

export type Document =
  | ObjectDocument
  | FieldDocument
  | ValidationRuleDocument
  | LayoutDocument
  | ListViewDocument
  | EntitlementProcessDocument
  | AutoApplyRuleDocument
  | ActionDocument
  | EmailTemplateDocument
  | CustomLabelDocument
  | PermissionSetDocument

export type Kind = Document['kind']

interface Named {
  readonly $schema?: string
  readonly id?: string
  /** Kept by the platform: ids under which other organisations know it, as somebody has said. */
  readonly otherIds?: readonly string[]
  /** Kept by the platform: the table or column, made once from the first name and never changed by a rename. */
  readonly physicalName?: string
  readonly name: string
  readonly description?: string
  /** Kept by the platform on a deleted object or field and what stood on it: since when it is hidden; its data is kept until purged. ISO instant. */
  readonly deletedAt?: string
}

export interface ObjectDocument extends Named {
  readonly kind: 'Object'
  readonly label: string
  readonly pluralLabel: string
  /** The Name field: Text, or an auto-number such as Case's CaseNumber (`name` renames it, default `Name`). */
  readonly nameField: {
    readonly name?: string
    readonly label: string
    readonly type: 'Text' | 'AutoNumber'
    readonly displayFormat?: string
    readonly length?: number
    readonly unique?: boolean
    /** Text only: what a new record is called when the caller gives no name, e.g. a contact's first and last name. */
    readonly defaultFormula?: string
  }
  /** Three characters that begin every id of this object; the server picks one for a custom object. */
  readonly keyPrefix?: string
  /** Boolean formula: when a record counts as closed. The default exit of its entitlement processes. */
  readonly closedWhen?: string
  /** Adds the process fields (EntitlementId, SlaStartDate, MilestoneStatus, NextTargetDate …). */
  readonly enableProcesses?: boolean
  /** Rows are set-up (BusinessHours, Holiday, Milestone, EntitlementTemplate): they may be deployed as documents keyed by name. */
  readonly setup?: boolean
  /** Rows are written by the platform alone (RecordMilestone, MilestoneEvent …). */
  readonly platform?: boolean
  /** The system permission that writing rows takes besides the grant on the object (User, Group …: manageUsers). Shipped objects only. */
  readonly writePermission?: SystemPermission
  /** The reference field whose record decides who may read a row of this object (RecordMilestone.ParentId). Master-details imply it. */
  readonly accessFrom?: string
  /**
   * Fields whose values are made of other fields' values (a post's Body, a log entry's Inputs); `["*"]`: the whole row is. Adds the field SourceFields,
   * which says of which; whoever may not read one of those does not see the value.
   */
  readonly quotes?: readonly string[]
  /** Rows have a clock that runs in business hours (RecordMilestone); fields may be `computed` from it. Shipped objects only. */
  readonly clock?: ClockDocument
  /**
   * Rows hold settings: `Hierarchy`, one row for the organisation, a profile or a user (SetupOwnerId), read by `$Setup`; or a plain `List`.
   * Such an object is set-up.
   */
  readonly customSettingsType?: 'Hierarchy' | 'List'
  /** A lucide icon name for the studio. */
  readonly icon?: string
}

/** Names of the fields that a row's clock is read from. */
export interface ClockDocument {
  /** Text: the version of the business hours that the time is counted in. */
  readonly calendar: string
  readonly start: string
  readonly target: string
  /** Number: minutes from start to target that count. */
  readonly goal: string
  /** DateTimes: with one of them the clock has stopped, and the stored values hold. */
  readonly stopped: readonly string[]
  readonly pausedSince: string
  /** Rows of another object, one for each pause; without an end it lasts. */
  readonly pauses: { readonly object: string; readonly through: string; readonly start: string; readonly end: string }
}

export const CLOCK_MEASURES = [
  'elapsed', 'paused', 'actualElapsed', 'timeRemaining', 'timeSinceTarget', 'targetUsed',
] as const // prettier-ignore
export type ClockMeasure = (typeof CLOCK_MEASURES)[number]

export const FIELD_TYPES = [
  'Text', 'LongTextArea', 'RichText', 'Number', 'Currency', 'Percent', 'Checkbox', 'Date', 'DateTime', 'Time', 'Email', 'Phone', 'Url',
  'Picklist', 'MultiselectPicklist', 'Lookup', 'MasterDetail', 'AutoNumber', 'ExternalId', 'Formula', 'RollupSummary', 'Geolocation',
  'Address', 'JSON', 'File',
] as const // prettier-ignore
export type FieldType = (typeof FIELD_TYPES)[number]

export interface PicklistValue {
  /** The API value, stored in records. */
  readonly value: string
  readonly label?: string
  readonly active?: boolean
  readonly default?: boolean
  /** On a status field: a record with this value is closed. */
  readonly closed?: boolean
  readonly color?: string
}

/** A column that a field left for another way to store its values; it holds the former ones for fifteen days. */
export interface FormerColumn {
  readonly column: string
  /** How it stores them: only a field of that form can go back to it. */
  readonly form: string
  readonly leftAt: string
}

export interface FieldDocument extends Named {
  readonly kind: 'Field'
  /** Full name `Object.Field`. */
  readonly label: string
  readonly type: FieldType
  /** Kept by the platform: columns this field had before its type changed; never given to another field. */
  readonly formerColumns?: readonly FormerColumn[]
  /** A roll-up whose values are being counted; kept by the platform. */
  readonly calculating?: boolean
  readonly helpText?: string
  readonly required?: boolean
  readonly unique?: boolean
  /** A field of the same object: no two records with one value of this and one of that. Doubles are looked for among the records with the same value of that. */
  readonly uniqueWith?: string
  readonly indexed?: boolean
  /** A field of the same object by which what the index finds is ordered: timers by status, then by due date. */
  readonly indexedWith?: string
  /** Set by the platform or by a rule of the platform, never by a caller. */
  readonly readOnly?: boolean
  /** Number, Percent: what it shows of the object's `clock`. While that runs the value is worked out whenever it is read; when it stops the value is stored. */
  readonly computed?: ClockMeasure
  /** Text: it holds the name of a document of this kind, which must be there; renames are followed, and a name that is held can't be deleted. */
  readonly names?: NamedKind
  /** Text: what it must be, when it is not blank. */
  readonly format?: TextFormat
  /** User: people may change it of themselves, as far as it is granted, without the object's `writePermission`. */
  readonly personal?: boolean
  readonly trackHistory?: boolean
  /** Text: characters. */
  readonly length?: number
  /** Number, Currency, Percent: all digits (≤ 18) and digits after the point. */
  readonly precision?: number
  readonly scale?: number
  readonly valueSet?: {
    readonly restricted?: boolean
    readonly values: readonly PicklistValue[]
    readonly controllingField?: string
    /** For a dependent picklist: which values each controlling value allows. */
    readonly dependencies?: { readonly [controllingValue: string]: readonly string[] }
  }
  /** Lookup, MasterDetail: one object, or several for a polymorphic one; `["*"]` = any object, `["*tracked"]` = those with `enableProcesses`. */
  readonly referenceTo?: readonly string[]
  /** The name under which the parent is followed; default: the field name without `Id` (custom: `__c` → `__r`). */
  readonly relationshipName?: string
  /** The name of the list on the parent; absent = none. */
  readonly childRelationshipName?: string
  /** MasterDetail: a detail may move to another master. */
  readonly reparentableMasterDetail?: boolean
  readonly deleteConstraint?: 'Cascade' | 'Restrict' | 'SetNull'
  /** AutoNumber, e.g. `C-{00000000}`. */
  readonly displayFormat?: string
  /** A literal of the field's JSON form, or a formula. */
  readonly defaultValue?: string | number | boolean | null
  readonly defaultFormula?: string
  /** DateTime: a Boolean formula; the save that makes it true stamps the instant, the one that makes it false blanks the field (Case.ClosedDate). */
  readonly stampWhen?: string
  readonly formula?: string
  readonly formulaType?: 'Text' | 'Number' | 'Currency' | 'Percent' | 'Checkbox' | 'Date' | 'DateTime' | 'Time'
  readonly treatBlanksAs?: 'zero' | 'blank'
  readonly rollup?: {
    readonly object: string
    readonly field?: string
    readonly through: string
    readonly operation: 'count' | 'sum' | 'min' | 'max'
    readonly filter?: string
  }
}

export interface ValidationRuleDocument extends Named {
  readonly kind: 'ValidationRule'
  /** Full name `Object.Rule`. */
  readonly active?: boolean
  /** Boolean formula; true means the record is refused. */
  readonly errorConditionFormula: string
  readonly errorMessage: string
  /** API name of the field the message stands beside; absent = the page. */
  readonly errorDisplayField?: string
}

export interface LayoutDocument extends Named {
  readonly kind: 'Layout'
  /** Full name `Object.Layout`; the one named `Object.Default` is used where nothing else says. */
  readonly label: string
  readonly highlights?: readonly string[]
  readonly sections: readonly { readonly label: string; readonly columns: 1 | 2; readonly fields: readonly string[] }[]
  /** Child relationship names with their columns. */
  readonly relatedLists?: readonly {
    readonly relationship: string
    readonly fields: readonly string[]
    readonly sort?: string
  }[]
}

export interface ListViewDocument extends Named {
  readonly kind: 'ListView'
  /** Full name `Object.View`. */
  readonly label: string
  readonly columns: readonly string[]
  /** A GraphQL `where` in JSON form. */
  readonly filter?: { readonly [key: string]: unknown }
  readonly sort?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[]
  readonly mine?: boolean
}

/** A duration target or offset in one unit; business days are days of the effective hours. */
export type Amount = { readonly minutes: number } | { readonly hours: number } | { readonly businessDays: number }

export type Target =
  | Amount
  | { readonly minutesFormula: string }
  | { readonly dateTimeFormula: string; readonly shiftOnPause?: boolean }
  | { readonly table: readonly { readonly when?: string; readonly target: Exclude<Target, { table: unknown }> }[] }

export interface PauseRule {
  readonly name: string
  readonly when: string
  readonly reason?: string
}

/**
 * Completes the milestone when a record is saved for which `when` holds: at the time of that save, or at the one that `at` gives, a formula on the
 * same record, where it is not blank and not in the future.
 */
export type CompletionRule =
  | { readonly when: string; readonly at?: string }
  | {
      /** The watched object and its reference to the tracked record, e.g. EmailMessage through ParentId. */
      readonly object: string
      readonly through: string
      readonly when: string
      readonly at?: string
    }

export interface WarningStep {
  readonly before: Amount | { readonly percent: number }
  readonly actions: readonly string[]
}
export interface ViolationStep {
  /** Open time after the target; 0 = at the target. */
  readonly after: Amount
  /** Fires again each time this much open time has passed, until the instance is handled; at most `times` times. */
  readonly every?: Amount
  readonly times?: number
  /** Repetitions that fell due while nobody looked (a down time): one firing with their count (default), or each. */
  readonly missed?: 'collapse' | 'each'
  readonly actions: readonly string[]
}

export interface MilestoneItem {
  /** Key of this item, unique within the process and stable across its versions. */
  readonly name: string
  /** API name of the Milestone row. */
  readonly milestone: string
  /** Criteria formula; absent = always. Items of one milestone are tried in the order of the list. */
  readonly when?: string
  readonly start?: 'process' | 'criteria'
  readonly target: Target
  readonly recalculateOn?: 'criteriaFields' | 'always' | 'never'
  /** Name of the BusinessHours row. */
  readonly businessHours?: string
  readonly pauses?: readonly PauseRule[]
  readonly completion?: readonly CompletionRule[]
  readonly resetWhen?: string
  /** Names of milestones that must be completed in this run before this one starts. */
  readonly after?: readonly string[]
  readonly agreementType?: 'SLA' | 'OLA'
  /** Whose promise it is: a formula giving a User's or Group's id; default the record's owner. */
  readonly owner?: string
  readonly successActions?: readonly string[]
  readonly warnings?: readonly WarningStep[]
  readonly violations?: readonly ViolationStep[]
}

/** One version of an entitlement process. `name` is `<process>_v<version>`. */
export interface EntitlementProcessDocument extends Named {
  readonly kind: 'EntitlementProcess'
  /** API name shared by all versions; what Entitlement.EntitlementProcess holds. */
  readonly process: string
  readonly version: number
  readonly versionNotes?: string
  readonly label: string
  readonly object: string
  /** draft → active (immutable) → inactive. */
  readonly status: 'draft' | 'active' | 'inactive'
  /** The version that new records get. */
  readonly isDefault?: boolean
  readonly entry?: { readonly dateField: string } | { readonly when: string }
  readonly exit?: { readonly when?: string; readonly onExit?: 'auto' | 'complete' | 'cancel' | 'keep' }
  readonly onReopen?: 'resume' | 'restart' | 'ignore'
  readonly businessHours?: string
  /** The record's Text field that holds an IANA zone to use instead of the hours' own. */
  readonly timeZoneField?: string
  readonly pauses?: readonly PauseRule[]
  /** A late attach fires the warning steps that are already past instead of skipping them. */
  readonly fireLateSteps?: boolean
  /** An error of the process fails the save. */
  readonly strict?: boolean
  readonly milestones: readonly MilestoneItem[]
}

/** Picks an entitlement, or a process without one, for a record whose EntitlementId is empty. Tried in `order`. */
export interface AutoApplyRuleDocument extends Named {
  readonly kind: 'AutoApplyRule'
  readonly object: string
  readonly order: number
  readonly active?: boolean
  /** A formula, or the word that says there is no condition. */
  readonly when: string | 'always'
  readonly apply:
    | { readonly entitlementFrom: readonly ('asset' | 'contractLine' | 'contact' | 'account')[] }
    | { readonly entitlement: string }
    | { readonly process: string }
}

export type ActionTarget = 'record' | 'milestone' | { readonly through: string }
export type Recipient =
  | 'owner' | 'creator'
  | { readonly role: string } | { readonly group: string } | { readonly field: string } | { readonly address: string } // prettier-ignore

export type ActionDocument = Named & {
  readonly kind: 'Action'
  readonly label: string
  readonly object: string
} & (
    | { readonly type: 'FieldUpdate'; readonly on?: ActionTarget; readonly field: string; readonly formula: string }
    | {
        readonly type: 'Task'
        readonly assignTo?:
          'owner' | 'creator' | { readonly field: string } | { readonly user: string } | { readonly group: string }
        readonly subject: string
        readonly values?: { readonly [field: string]: string }
      }
    | {
        readonly type: 'EmailAlert'
        readonly template: string
        readonly recipients: readonly Recipient[]
        readonly cc?: readonly Recipient[]
      }
    | {
        readonly type: 'OutboundMessage'
        readonly url: string
        readonly secret?: string
        readonly fields?: readonly string[]
      }
    | {
        readonly type: 'OwnerChange'
        readonly to: { readonly user: string } | { readonly group: string } | { readonly formula: string }
      }
    | { readonly type: 'CreateRecord'; readonly create: string; readonly values: { readonly [field: string]: string } }
    | { readonly type: 'FeedPost'; readonly body: string }
    | { readonly type: 'StartMilestone'; readonly milestone: string }
  )

export interface EmailTemplateDocument extends Named {
  readonly kind: 'EmailTemplate'
  readonly object: string
  /** Text with merge fields `{!Field.Path}`. */
  readonly subject: string
  readonly body: string
  /** The same as HTML; values that merge fields put in are escaped. */
  readonly html?: string
}

/** A text under a name, for formulas and templates: `$Label.Name`. */
export interface CustomLabelDocument extends Named {
  readonly kind: 'CustomLabel'
  /** What it is called in lists; default its name. */
  readonly label?: string
  readonly value: string
}

export interface ObjectPermission {
  readonly create?: boolean
  readonly read?: boolean
  readonly edit?: boolean
  readonly delete?: boolean
  /** Field grants by field name; a field not named is not granted. `edit` implies `read`; `none` is a deny, which wins over other sets. */
  readonly fields?: { readonly [field: string]: 'read' | 'edit' | 'none' }
}

export interface PermissionSetDocument extends Named {
  readonly kind: 'PermissionSet'
  readonly label: string
  /** Everything that follows from no object: manageMetadata, manageUsers, viewSetup, manageProcesses. */
  readonly system?: readonly SystemPermission[]
  /** Reads and edits every object, field and row, also those made later. */
  readonly modifyAll?: boolean
  /** Reads every object, field and row, also those made later. */
  readonly viewAll?: boolean
  readonly objects?: { readonly [object: string]: ObjectPermission }
}

export const SYSTEM_PERMISSIONS = ['manageMetadata', 'manageUsers', 'viewSetup', 'manageProcesses'] as const
export type SystemPermission = (typeof SYSTEM_PERMISSIONS)[number]

/** What rows may name in a Text field. */
export const NAMED_KINDS = ['PermissionSet', 'EntitlementProcess', 'Action'] as const
export type NamedKind = (typeof NAMED_KINDS)[number]
