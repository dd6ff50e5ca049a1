/** `CaseAggregate(where, groupBy, first) { group { … } count sum { … } … }` as a query tree. */
import { GraphQLError, type GraphQLField } from 'graphql'
import type { ObjectDef } from '#metadata'
import type { AggregateQuery } from '#records'
import { counted } from './conditions.ts'
import { argument, typenameMark, type PlanContext } from './query.ts'
import { selectedFields, selectionSets, type SelectedField } from './selections.ts'
import { havingOf, realFieldName, whereOf } from './where.ts'

type Group = AggregateQuery['groupBy'][number]
type Part = AggregateQuery['select'][number]
const PERIODS = new Set(['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'])

const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

export function aggregateQuery(
  context: PlanContext,
  object: ObjectDef,
  field: SelectedField,
  definition: GraphQLField<unknown, unknown>,
): AggregateQuery {
  const where = counted(context.tally, argument(context, field, definition, 'where'))
  const given = argument(context, field, definition, 'groupBy')?.pinned()
  const groupBy = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((item) =>
    groupOf(object, item),
  )
  const having = counted(context.tally, argument(context, field, definition, 'having'))
  const first = argument(context, field, definition, 'first')
  return {
    kind: 'aggregate',
    object: object.name,
    ...(where ? { where: whereOf(context.catalog, object, where) } : {}),
    groupBy,
    ...(having ? { having: havingOf(having) } : {}),
    ...(first ? { first: first.slot() } : {}),
    select: selectedFields(context, selectionSets(field), `${object.name}Aggregate`).map((part) =>
      partOf(context, object, groupBy, part),
    ),
  }
}

/** `Priority`, `{ CreatedDate: MONTH }`, `{ Account: Tier__c }`, `{ Account: { CreatedDate: MONTH } }`, `"Account.Tier__c"`. */
function groupOf(object: ObjectDef, item: unknown, path: readonly string[] = []): Group {
  if (typeof item === 'string') return { path: [...path, ...item.split('.')] }
  const [entry, more] = item && typeof item === 'object' && !Array.isArray(item) ? Object.entries(item) : []
  if (!entry || more)
    throw badInput('Each entry of groupBy is a field, or one field with a period: [Priority, { CreatedDate: MONTH }].')
  const [name, value] = entry as [string, unknown]
  if (typeof value === 'string' && PERIODS.has(value)) return { path: [...path, name], by: value as 'DAY' }
  return groupOf(object, value, [...path, name])
}

function partOf(context: PlanContext, object: ObjectDef, groupBy: readonly Group[], field: SelectedField): Part {
  const { key } = field
  switch (field.name) {
    case 'count':
      return { key, kind: 'count' }
    case 'group':
      return { key, kind: 'group', parts: groupParts(context, object, groupBy, field) }
    case 'percentile':
      return percentile(context, object, field)
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return { key, kind: field.name, parts: numberParts(context, object, field) }
    default:
      return { key, kind: 'constant', value: `${object.name}Aggregate` }
  }
}

function numberParts(context: PlanContext, object: ObjectDef, field: SelectedField) {
  const type =
    field.name === 'sum' || field.name === 'avg' ? `${object.name}AggregateNumbers` : `${object.name}AggregateValues`
  return selectedFields(context, selectionSets(field), type).map((part) =>
    part.name === '__typename'
      ? { key: typenameMark(context, part, type), field: anyField(context, type) }
      : { key: part.key, field: realFieldName(object, part.name) },
  )
}

function percentile(context: PlanContext, object: ObjectDef, field: SelectedField): Part {
  const definition = fieldOf(context, `${object.name}Aggregate`, 'percentile')
  const name = String(argument(context, field, definition, 'field')?.pinned())
  return { key: field.key, kind: 'percentile', field: name, p: argument(context, field, definition, 'p')!.slot() }
}

function groupParts(context: PlanContext, object: ObjectDef, groupBy: readonly Group[], field: SelectedField) {
  return selectedFields(context, selectionSets(field), `${object.name}Group`).map((part) => {
    const path =
      part.name === 'path'
        ? String(argument(context, part, fieldOf(context, `${object.name}Group`, 'path'), 'of')?.pinned())
        : part.name
    const group = groupBy.findIndex((entry) => entry.path.join('.') === path)
    if (group < 0) throw badInput(`group { ${path} } needs ${path} in groupBy.`)
    return { key: part.key, group }
  })
}

function fieldOf(context: PlanContext, type: string, name: string): GraphQLField<unknown, unknown> {
  const found = context.schema.getType(type)
  const field = found && 'getFields' in found ? found.getFields()[name] : undefined
  if (!field) throw new GraphQLError(`There is no field ${name} on ${type}.`)
  return field as GraphQLField<unknown, unknown>
}

function anyField(context: PlanContext, type: string): string {
  const found = context.schema.getType(type)
  return Object.keys(found && 'getFields' in found ? found.getFields() : {})[0] ?? 'Id'
}
