/** `where` and `orderBy` arguments as the query tree has them. Names are taken as given; `authorize` decides what they may be. */
import { GraphQLError } from 'graphql'
import { OPERATORS, RELATIVE_COUNTS, type Catalog, type ObjectDef, type Operator } from '#metadata'
import type { Having, Order, Where } from '#records'
import { NAME_FIELD } from '../names.ts'
import type { Argument } from './arguments.ts'

const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
const and = (of: readonly Where[]): Where => (of.length === 1 ? of[0]! : { kind: 'and', of })

export function whereOf(catalog: Catalog, object: ObjectDef, argument: Argument): Where {
  return and(argument.entries().flatMap(([key, value]) => condition(catalog, object, key, value)))
}

function condition(catalog: Catalog, object: ObjectDef, key: string, argument: Argument): readonly Where[] {
  if (argument.value === null || argument.value === undefined) return []
  if (key === 'and' || key === 'or')
    return [{ kind: key, of: argument.items().map((item) => whereOf(catalog, object, item)) }]
  if (key === 'not') return [{ kind: 'not', of: whereOf(catalog, object, argument) }]
  const field = object.field(key)
  if (field) return comparisons(key, argument)
  return relation(catalog, object, key, argument)
}

function relation(catalog: Catalog, object: ObjectDef, key: string, argument: Argument): readonly Where[] {
  const parent = object.parent(key)
  if (parent?.reference) {
    const { to, polymorphic } = parent.reference
    const wheres = polymorphic ? argument.entries() : [[to[0]!, argument] as const]
    return wheres.flatMap(([name, inner]): Where[] => {
      const target = catalog.object(name)
      if (!target || inner.value === null) return []
      return [
        {
          kind: 'parent',
          relationship: key,
          ...(polymorphic ? { object: target.name } : {}),
          where: whereOf(catalog, target, inner),
        },
      ]
    })
  }
  const child = object.children.get(key)
  const target = child && catalog.object(child.object)
  if (!target) throw badInput(`No field ${key} on ${object.name}.`)
  return argument.entries().filter(([, inner]) => inner.value !== null).map(([quantifier, inner]) => ({ kind: 'children', relationship: key, quantifier: quantifier as 'some', where: whereOf(catalog, target, inner) })) // prettier-ignore
}

function comparisons(field: string, argument: Argument): readonly Where[] {
  return argument.entries().flatMap(([operator, value]) => comparison(field, operator, value))
}

function comparison(field: string, operator: string, argument: Argument): readonly Where[] {
  const compare = (name: Operator, value: Argument['slot']): Where => ({
    kind: 'compare',
    field,
    operator: name,
    value: value(),
  })
  if (RELATIVE_COUNTS.includes(operator))
    return argument.value === null
      ? []
      : [compare('relative', () => ({ constant: { [operator]: argument.pinned() as number } }))]
  if (operator === 'relative')
    return argument.value === null ? [] : [compare('relative', () => ({ constant: argument.pinned() as string }))]
  if (argument.value === null) {
    if (operator === 'eq') return [compare('isNull', () => ({ constant: true }))]
    if (operator === 'ne') return [compare('isNull', () => ({ constant: false }))]
    throw badInput(`${field}: ${operator} can't be null. Use isNull to look for blanks.`)
  }
  if (!(OPERATORS as readonly string[]).includes(operator))
    throw badInput(`${field}: there is no operator ${operator}.`)
  return [compare(operator as Operator, () => argument.slot())]
}

/** `{ count: { gt: 5 }, sum: { Amount__c: { gte: 100 } } }` */
export function havingOf(argument: Argument): Having {
  const of = argument.entries().flatMap(([key, value]): Having[] => {
    if (value.value === null || value.value === undefined) return []
    if (key === 'and' || key === 'or') return [{ kind: key, of: value.items().map(havingOf) }]
    if (key === 'not') return [{ kind: 'not', of: havingOf(value) }]
    if (key === 'count') return measured('count', 'count', value)
    return value.entries().flatMap(([field, conditions]) => measured(key as 'sum', field, conditions))
  })
  return of.length === 1 ? of[0]! : { kind: 'and', of }
}

const measured = (measure: 'count' | 'sum' | 'avg' | 'min' | 'max', field: string, conditions: Argument): Having[] =>
  comparisons(field, conditions).flatMap((each) =>
    each.kind === 'compare' ? [{ ...each, measure, ...(measure === 'count' ? { field: undefined } : {}) }] : [],
  ) as Having[]

export function orderOf(catalog: Catalog, object: ObjectDef, argument: Argument): readonly Order[] {
  return argument.items().map((item) => oneOrder(catalog, object, item, []))
}

function oneOrder(catalog: Catalog, object: ObjectDef, item: Argument, path: readonly string[]): Order {
  const [key, value] = item.entries()[0] ?? []
  if (!key || !value) throw badInput('Each entry of orderBy names one field.')
  if (object.field(key)) return { path: [...path, key], ...directionOf(String(value.pinned())) }
  const target = catalog.object(object.parent(key)?.reference?.to[0] ?? '')
  if (!target) throw badInput(`No field ${key} on ${object.name}.`)
  return oneOrder(catalog, target, value, [...path, key])
}

function directionOf(text: string): Pick<Order, 'direction' | 'nulls'> {
  const direction = text.startsWith('DESC') ? 'desc' : 'asc'
  const nulls = text.endsWith('NULLS_FIRST')
    ? 'first'
    : text.endsWith('NULLS_LAST')
      ? 'last'
      : direction === 'asc'
        ? 'first'
        : 'last'
  return { direction, nulls }
}

/** `Name` of an object whose name field is called otherwise. */
export const realFieldName = (object: ObjectDef, name: string): string =>
  name === NAME_FIELD && !object.field(NAME_FIELD) ? object.nameField.name : name
