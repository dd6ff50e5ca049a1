/** Metadata as this user may see it: what every generated screen is built from. */
import type { FieldType } from '#metadata'
import { graphql } from './graphql.ts'

export interface ObjectInfo {
  readonly name: string
  readonly label: string
  readonly pluralLabel: string
  readonly description?: string | null
  readonly icon?: string | null
  readonly keyPrefix: string
  readonly custom: boolean
  readonly setup: boolean
  readonly platform: boolean
  readonly enableProcesses: boolean
  readonly customSettingsType?: 'Hierarchy' | 'List' | null
  readonly nameField: string
  readonly fieldCount: number
  /** Objects whose name is a number usually have a Subject: the words people know the record by. */
  readonly subject?: { readonly name: string } | null
  readonly access: {
    readonly create: boolean
    readonly read: boolean
    readonly edit: boolean
    readonly delete: boolean
  }
}

export interface PicklistValueInfo {
  readonly value: string
  readonly label?: string | null
  readonly active?: boolean | null
  readonly default?: boolean | null
  readonly closed?: boolean | null
  readonly color?: string | null
}

export interface FieldInfo {
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly description?: string | null
  readonly helpText?: string | null
  readonly required: boolean
  readonly unique: boolean
  readonly indexed: boolean
  readonly readOnly: boolean
  /** A roll-up whose values are being counted. */
  readonly calculating?: boolean
  readonly createable: boolean
  readonly updateable: boolean
  readonly filterable: boolean
  readonly sortable: boolean
  readonly custom: boolean
  readonly origin: 'system' | 'process' | 'declared'
  readonly trackHistory: boolean
  readonly length?: number | null
  readonly precision?: number | null
  readonly scale?: number | null
  readonly displayFormat?: string | null
  readonly defaultValue?: unknown
  readonly defaultFormula?: string | null
  readonly formula?: string | null
  /** What a formula or a roll-up gives. */
  readonly formulaType?: FieldType | null
  readonly treatBlanksAs?: 'zero' | 'blank' | null
  readonly picklist?: {
    readonly restricted: boolean
    readonly values: readonly PicklistValueInfo[]
    readonly controllingField?: string | null
    readonly dependencies?: { readonly [value: string]: readonly string[] } | null
  } | null
  readonly reference?: {
    readonly to: readonly string[]
    readonly any: boolean
    readonly polymorphic: boolean
    readonly relationshipName: string
    readonly childRelationshipName?: string | null
    readonly masterDetail: boolean
  } | null
}

export interface LayoutInfo {
  readonly name: string
  readonly label: string
  readonly highlights?: readonly string[] | null
  readonly sections: readonly { readonly label: string; readonly columns: number; readonly fields: readonly string[] }[]
  readonly relatedLists?: readonly RelatedListInfo[] | null
}
export interface RelatedListInfo {
  readonly relationship: string
  readonly fields: readonly string[]
  readonly sort?: string | null
}

export interface ListViewInfo {
  readonly name: string
  readonly label: string
  readonly columns: readonly string[]
  readonly filter?: { readonly [key: string]: unknown } | null
  readonly sort?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | null
  readonly mine?: boolean | null
  /** Why its filter can't be asked, and where. */
  readonly problem?: string | null
}

export interface ValidationRuleInfo {
  readonly name: string
  readonly description?: string | null
  readonly active?: boolean | null
  readonly errorConditionFormula: string
  readonly errorMessage: string
  readonly errorDisplayField?: string | null
}

export interface ObjectDetail extends ObjectInfo {
  readonly fields: readonly FieldInfo[]
  readonly layouts: readonly LayoutInfo[]
  readonly listViews: readonly ListViewInfo[]
  readonly children: readonly {
    readonly name: string
    readonly object: string
    readonly field: string
    readonly label: string
  }[]
  readonly validationRules: readonly ValidationRuleInfo[]
}

const LIGHT = `name label pluralLabel description icon keyPrefix custom setup platform enableProcesses customSettingsType nameField fieldCount
  subject: field(name: "Subject") { name } access { create read edit delete }`
const FIELD = `name label type description helpText required unique indexed readOnly calculating createable updateable filterable sortable custom
  origin trackHistory length precision scale displayFormat defaultValue defaultFormula formula formulaType treatBlanksAs
  picklist { restricted controllingField dependencies values { value label active default closed color } }
  reference { to any polymorphic relationshipName childRelationshipName masterDetail }`
const DETAIL = `${LIGHT} fields { ${FIELD} } children { name object field label }
  layouts { name label highlights sections { label columns fields } relatedLists { relationship fields sort } }
  listViews { name label columns filter mine problem sort { field direction } }
  validationRules { name description active errorConditionFormula errorMessage errorDisplayField }`

export interface Me {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly timeZone: string
  readonly locale: string
  readonly systemPermissions: readonly string[]
}

const ME = 'id name username timeZone locale systemPermissions'
const OBJECTS = `version objects { ${LIGHT} } labels { name value }`

/** Who is here; undefined when nobody is signed in. It is asked first, because without a session the schema knows nothing else. */
export async function readMe(): Promise<Me | undefined> {
  return (await graphql<{ me: Me | null }>(`query Me { me { ${ME} } }`)).me ?? undefined
}

/** A text under a name, read by formulas as $Label.Name. */
export interface LabelInfo {
  readonly name: string
  readonly label?: string
  readonly value: string
}
export interface ObjectList {
  readonly version: number
  readonly objects: readonly ObjectInfo[]
  readonly labels: readonly LabelInfo[]
}

/** The objects that this user may see, and the custom labels. */
export const readObjectList = async (): Promise<ObjectList> =>
  (await graphql<{ metadata: ObjectList }>(`query Objects { metadata { ${OBJECTS} } }`)).metadata

export interface Start {
  readonly me: Me | null
  readonly metadata: ObjectList
}
/** Who is here and what they may see; an error when nobody is signed in. */
export const readStart = (): Promise<Start> => graphql<Start>(`query Start { me { ${ME} } metadata { ${OBJECTS} } }`)

/** Objects in the order asked; null for one that does not exist or may not be seen. */
export async function readObjects(names: readonly string[]): Promise<readonly (ObjectDetail | null)[]> {
  const variables = Object.fromEntries(names.map((name, i) => [`n${i}`, name]))
  const declared = names.map((_, i) => `$n${i}: String!`).join(', ')
  const parts = names.map((_, i) => `o${i}: object(name: $n${i}) { ...Detail }`).join(' ')
  const query = `query ObjectDetails(${declared}) { metadata { ${parts} } } fragment Detail on MetadataObject { ${DETAIL} }`
  const { metadata } = await graphql<{ metadata: Record<string, ObjectDetail | null> }>(query, variables)
  return names.map((_, i) => metadata[`o${i}`] ?? null)
}
