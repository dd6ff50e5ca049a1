/** From a field's type to its GraphQL output, input and filter types. */
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString, type GraphQLInputObjectType, type GraphQLScalarType } from 'graphql' // prettier-ignore
import type { FieldDef, FieldType } from '#metadata'
import { FILTERS } from './filters.ts'
import {
  AddressScalar,
  DateScalar,
  DateTimeScalar,
  DecimalScalar,
  GeolocationScalar,
  JSONScalar,
  TimeScalar,
} from './scalars.ts'

type ValueKind =
  | 'text'
  | 'id'
  | 'picklist'
  | 'multi'
  | 'boolean'
  | 'int'
  | 'float'
  | 'decimal'
  | 'date'
  | 'datetime'
  | 'time'
  | 'geo'
  | 'address'
  | 'json'

const KINDS: { readonly [type in FieldType]: ValueKind | 'number' | 'formula' } = {
  Text: 'text', LongTextArea: 'text', RichText: 'text', Email: 'text', Phone: 'text', Url: 'text', AutoNumber: 'text', ExternalId: 'text',
  Picklist: 'picklist', MultiselectPicklist: 'multi', Checkbox: 'boolean', Number: 'number', Currency: 'number', Percent: 'number',
  RollupSummary: 'number', Date: 'date', DateTime: 'datetime', Time: 'time', Lookup: 'id', MasterDetail: 'id', File: 'id', Formula: 'formula',
  Geolocation: 'geo', Address: 'address', JSON: 'json',
} // prettier-ignore

const FORMULA_KINDS: { readonly [type: string]: ValueKind } = {
  Text: 'text', Number: 'float', Currency: 'float', Percent: 'float', Checkbox: 'boolean', Boolean: 'boolean', Date: 'date', DateTime: 'datetime', Time: 'time',
} // prettier-ignore

function valueKind(field: FieldDef): ValueKind {
  if (field.storage === 'id') return 'id'
  const kind = KINDS[field.type]
  if (kind === 'formula') return FORMULA_KINDS[field.document?.formulaType ?? field.formula?.type ?? 'Text'] ?? 'text'
  if (kind !== 'number') return kind
  if (field.precision > 15) return 'decimal'
  return field.scale === 0 && field.precision <= 9 && field.type === 'Number' ? 'int' : 'float'
}

const SCALARS: { readonly [kind in Exclude<ValueKind, 'multi'>]: GraphQLScalarType } = {
  text: GraphQLString, id: GraphQLID, picklist: GraphQLString, boolean: GraphQLBoolean, int: GraphQLInt, float: GraphQLFloat, decimal: DecimalScalar,
  date: DateScalar, datetime: DateTimeScalar, time: TimeScalar, geo: GeolocationScalar, address: AddressScalar, json: JSONScalar,
} // prettier-ignore

/** Also an input type: the same scalars go both ways. */
export function fieldType(field: FieldDef): GraphQLScalarType | GraphQLList<GraphQLNonNull<GraphQLScalarType>> {
  const kind = valueKind(field)
  return kind === 'multi' ? new GraphQLList(new GraphQLNonNull(GraphQLString)) : SCALARS[kind]
}

export function filterType(field: FieldDef): GraphQLInputObjectType | undefined {
  const kind = valueKind(field)
  return kind === 'address' || kind === 'json' ? FILTERS.json : FILTERS[kind]
}

export const isNumeric = (field: FieldDef): boolean => ['int', 'float', 'decimal'].includes(valueKind(field))
export const isOrderable = (field: FieldDef): boolean => !['multi', 'geo', 'address', 'json'].includes(valueKind(field))

/** What a developer reads in the schema: label, help text, picklist values, the formula where it is theirs to see. */
export function describe(field: FieldDef, formula?: string): string {
  const values = field.picklist?.values.filter((v) => v.active !== false).map((v) => `\`${v.value}\``)
  const lines = [field.helpText ?? field.document?.description ?? field.label]
  if (values?.length)
    lines.push(`${field.picklist?.restricted ? 'One of' : 'For example'} ${values.slice(0, 30).join(', ')}.`)
  if (formula !== undefined) lines.push(`Formula: \`${formula}\``)
  return lines.join('\n\n')
}
