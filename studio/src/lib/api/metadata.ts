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
  readonly nameField: string
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
  readonly formula?: string | null
  readonly formulaType?: FieldType | null
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

const LIGHT =
  'name label pluralLabel description icon keyPrefix custom setup platform enableProcesses nameField subject: field(name: "Subject") { name } createable updateable deletable'
const FIELD = `name label type description helpText required unique indexed createable updateable filterable sortable custom origin trackHistory
  length precision scale displayFormat defaultValue formula formulaType restricted controllingField dependencies
  picklistValues { value label active default closed color } referenceTo polymorphic relationshipName childRelationshipName`
const DETAIL = `${LIGHT} fields { ${FIELD} } childRelationships { name object field label } layouts listViews validationRules`

export interface Me {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly timeZone: string
  readonly locale: string
  readonly permissions: readonly string[]
}

type WireObject = Omit<ObjectInfo, 'access'> & {
  readonly createable: boolean
  readonly updateable: boolean
  readonly deletable: boolean
}
type WireField = Omit<FieldInfo, 'picklist' | 'reference' | 'readOnly'> & {
  readonly picklistValues?: readonly PicklistValueInfo[] | null
  readonly restricted?: boolean | null
  readonly controllingField?: string | null
  readonly dependencies?: { readonly [value: string]: readonly string[] } | null
  readonly referenceTo?: readonly string[] | null
  readonly polymorphic: boolean
  readonly relationshipName?: string | null
  readonly childRelationshipName?: string | null
}
type WireDetail = WireObject & {
  readonly fields: readonly WireField[]
  readonly childRelationships: ObjectDetail['children']
  readonly layouts: readonly LayoutInfo[]
  readonly listViews: readonly ListViewInfo[]
  readonly validationRules: readonly ValidationRuleInfo[]
}

/** What is listed may be read. */
const objectOf = (wire: WireObject): ObjectInfo => ({
  ...wire,
  access: { create: wire.createable, read: true, edit: wire.updateable, delete: wire.deletable },
})

function fieldOf(wire: WireField): FieldInfo {
  const { picklistValues, referenceTo } = wire
  const picklist = picklistValues && {
    values: picklistValues,
    restricted: wire.restricted ?? false,
    controllingField: wire.controllingField ?? null,
    dependencies: wire.dependencies ?? null,
  }
  const reference = referenceTo &&
    wire.relationshipName && {
      to: referenceTo,
      any: referenceTo[0] === '*',
      polymorphic: wire.polymorphic,
      relationshipName: wire.relationshipName,
      childRelationshipName: wire.childRelationshipName ?? null,
      masterDetail: wire.type === 'MasterDetail',
    }
  return {
    ...wire,
    readOnly: !wire.createable && !wire.updateable,
    picklist: picklist || null,
    reference: reference || null,
  }
}

const detailOf = (wire: WireDetail): ObjectDetail => ({
  ...objectOf(wire),
  fields: wire.fields.map(fieldOf),
  children: wire.childRelationships,
  layouts: wire.layouts,
  listViews: wire.listViews,
  validationRules: wire.validationRules,
})

/** What the shell needs before anything can be shown: one request. */
export async function readShell(): Promise<{ me: Me | null; version: number; objects: readonly ObjectInfo[] }> {
  const query = `query Shell { me { id name username timeZone locale permissions } metadata { version objects { ${LIGHT} } } }`
  const { me, metadata } = await graphql<{
    me: Me | null
    metadata: { version: number; objects: readonly WireObject[] }
  }>(query)
  return { me, version: metadata.version, objects: metadata.objects.map(objectOf) }
}

/** Objects in the order asked; null for one that does not exist or may not be seen. */
export async function readObjects(names: readonly string[]): Promise<readonly (ObjectDetail | null)[]> {
  const variables = Object.fromEntries(names.map((name, i) => [`n${i}`, name]))
  const declared = names.map((_, i) => `$n${i}: String!`).join(', ')
  const parts = names.map((_, i) => `o${i}: object(name: $n${i}) { ...Detail }`).join(' ')
  const query = `query ObjectDetails(${declared}) { metadata { ${parts} } } fragment Detail on MetadataObject { ${DETAIL} }`
  const { metadata } = await graphql<{ metadata: Record<string, WireDetail | null> }>(query, variables)
  return names.map((_, i) => (metadata[`o${i}`] ? detailOf(metadata[`o${i}`]!) : null))
}
