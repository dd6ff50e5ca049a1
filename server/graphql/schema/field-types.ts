/** From a field's type to its GraphQL output, input and filter types. */
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString, type GraphQLInputObjectType, type GraphQLScalarType } from 'graphql' // prettier-ignore
import { valueKind, type FieldDef, type ValueKind } from '#metadata'
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

const SCALARS: { readonly [kind in Exclude<ValueKind, 'multi'>]: GraphQLScalarType } = {
  text: GraphQLString, id: GraphQLID, picklist: GraphQLString, boolean: GraphQLBoolean, int: GraphQLInt, float: GraphQLFloat, decimal: DecimalScalar,
  date: DateScalar, datetime: DateTimeScalar, time: TimeScalar, geo: GeolocationScalar, address: AddressScalar, json: JSONScalar,
} // prettier-ignore

/** Also an input type: the same scalars go both ways. */
export function fieldType(field: FieldDef): GraphQLScalarType | GraphQLList<GraphQLNonNull<GraphQLScalarType>> {
  const kind = valueKind(field)
  return kind === 'multi' ? new GraphQLList(new GraphQLNonNull(GraphQLString)) : SCALARS[kind]
}

export const filterType = (field: FieldDef): GraphQLInputObjectType => FILTERS[valueKind(field)]

export const isNumeric = (field: FieldDef): boolean => ['int', 'float', 'decimal'].includes(valueKind(field))

/** What a developer reads in the schema: label, help text, picklist values, the formula where it is theirs to see. */
export function describe(field: FieldDef, formula?: string): string {
  const values = field.picklist?.values.filter((v) => v.active !== false).map((v) => `\`${v.value}\``)
  const lines = [field.helpText ?? field.document?.description ?? field.label]
  if (values?.length)
    lines.push(`${field.picklist?.restricted ? 'One of' : 'For example'} ${values.slice(0, 30).join(', ')}.`)
  if (formula !== undefined) lines.push(`Formula: \`${formula}\``)
  return lines.join('\n\n')
}
