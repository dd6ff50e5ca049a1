/**
 * One door for access: sees every object and field that a query names, wherever it names it, and gives the branded query or says what is wrong.
 * Row rules are not here: every table reference of the compiled SQL carries them (query/table-ref.ts).
 */
import { FILTER_LIMITS, formulaSqlFinding, isSortable, operatorFindings, operatorsOf, sortFindings, TOO_COMPLEX } from '#metadata' // prettier-ignore
import type { FieldDef, ObjectDef } from '#metadata'
import type { Catalog } from '#metadata'
import type { Finding } from '#util'
import type { Actor } from '../access-types.ts'
import type {
  AggregateQuery,
  Having,
  ConnectionPart,
  ListQuery,
  Order,
  Query,
  Selected,
  Selection,
  Where,
} from '../query-tree.ts'
import { hasBuckets, isNumeric } from '../query/operators.ts'
import { brand } from './authorized.ts'
import type { AccessContext, AuthorizedQuery } from './authorized.ts'
import {
  noField,
  noObject,
  readableChildren,
  readableField,
  readableObject,
  readableParent,
  sharedTargets,
} from './names.ts'

interface Walk extends AccessContext {
  readonly findings: Finding[]
  /** Conditions still allowed. */
  conditions: number
}

export type Caller = Pick<Actor, 'permissions' | 'system'>

/** Nothing of the query is dropped: one name that the caller may not use refuses the whole of it. */
export function authorize(query: Query, actor: Caller, catalog: Catalog): AuthorizedQuery | readonly Finding[] {
  const walk: Walk = {
    catalog,
    permissions: actor.permissions,
    system: actor.system,
    findings: [],
    conditions: FILTER_LIMITS.conditions,
  }
  const object = readableObject(walk, query.object)
  if (!object) return [noObject(query.object)]
  if (query.kind === 'record') walkSelection(walk, object, query.select)
  else if (query.kind === 'list') walkList(walk, object, query)
  else walkAggregate(walk, object, query)
  return walk.findings.length > 0 ? walk.findings : brand(query, walk)
}

export const isAuthorized = (result: AuthorizedQuery | readonly Finding[]): result is AuthorizedQuery =>
  !Array.isArray(result)

function say(walk: Walk, code: string, message: string, hint?: string): undefined {
  walk.findings.push({ code, severity: 'error', message, ...(hint ? { hint } : {}) })
  return undefined
}

function fieldOf(walk: Walk, object: ObjectDef, name: string): FieldDef | undefined {
  const field = readableField(walk, object, name)
  if (!field) walk.findings.push(noField(name, object.name))
  return field
}

function walkSelection(walk: Walk, object: ObjectDef, select: Selection): void {
  for (const part of select) walkSelected(walk, object, part)
}

function walkSelected(walk: Walk, object: ObjectDef, part: Selected): void {
  if (part.kind === 'field') fieldOf(walk, object, part.field)
  else if (part.kind === 'display') for (const each of part.parts) fieldOf(walk, object, each.field)
  else if (part.kind === 'parent') walkParentSelection(walk, object, part)
  else if (part.kind === 'children') {
    const found = readableChildren(walk, object, part.relationship)
    if (!found || part.query.object !== found.object.name) walk.findings.push(noField(part.relationship, object.name))
    else walkList(walk, found.object, part.query)
  }
}

function walkParentSelection(walk: Walk, object: ObjectDef, part: Extract<Selected, { kind: 'parent' }>): void {
  const parent = readableParent(walk, object, part.relationship)
  if (!parent) return void walk.findings.push(noField(part.relationship, object.name))
  for (const type of part.types) {
    const target = parent.objects.includes(type.object) ? readableObject(walk, type.object) : undefined
    if (target) walkSelection(walk, target, type.select)
    else walk.findings.push(noObject(type.object))
  }
}

function walkList(walk: Walk, object: ObjectDef, list: ListQuery): void {
  if (list.where) walkWhere(walk, object, list.where)
  for (const order of list.orderBy) walkOrder(walk, object, order)
  for (const part of list.select) walkConnectionPart(walk, object, part)
}

function walkConnectionPart(walk: Walk, object: ObjectDef, part: ConnectionPart): void {
  if (part.kind === 'nodes') walkSelection(walk, object, part.select)
  if (part.kind === 'edges')
    for (const each of part.parts) if (each.kind === 'node') walkSelection(walk, object, each.select)
}

function walkOrder(walk: Walk, object: ObjectDef, order: Order): void {
  const field = walkPath(walk, object, order.path)
  if (field) walk.findings.push(...sortFindings(field, order.path.join('.')))
}

/** Own field, or a parent's by path; `Owner:User` picks one object of a reference that may point to several, else it is the field that they share. */
function walkPath(walk: Walk, object: ObjectDef, path: readonly string[]): FieldDef | undefined {
  const [head, ...rest] = path
  if (head === undefined) return say(walk, 'EMPTY_PATH', `A field of ${object.name} is needed.`)
  if (rest.length === 0) return fieldOf(walk, object, head)
  const [relationship = head, picked] = head.split(':')
  const parent = readableParent(walk, object, relationship)
  if (parent?.field.reference?.polymorphic && !picked && rest.length === 1)
    return sharedField(walk, object, relationship, parent.objects, rest[0]!)
  const next = parentObject(walk, object, relationship, picked)
  return next && walkPath(walk, next, rest)
}

function sharedField(
  walk: Walk,
  object: ObjectDef,
  relationship: string,
  objects: readonly string[],
  name: string,
): FieldDef | undefined {
  const [target] = sharedTargets(walk, objects, name)
  const field = target && readableField(walk, target, name)
  return field ?? say(walk, 'UNKNOWN_FIELD', `No field ${relationship}.${name} on ${object.name}.`)
}

function parentObject(
  walk: Walk,
  object: ObjectDef,
  relationship: string,
  picked: string | undefined,
): ObjectDef | undefined {
  const parent = readableParent(walk, object, relationship)
  if (!parent) return void walk.findings.push(noField(relationship, object.name))
  const name = picked ?? (parent.field.reference?.polymorphic ? undefined : parent.objects[0])
  if (name === undefined)
    return say(
      walk,
      'WHICH_OBJECT',
      `${relationship} of ${object.name} may be of several objects.`,
      `Say which, for example ${relationship}:${parent.objects[0]}.`,
    )
  const target = parent.objects.includes(name) ? walk.catalog.objects.get(name) : undefined
  if (!target) walk.findings.push(noObject(name))
  return target
}

function walkWhere(walk: Walk, object: ObjectDef, where: Where, depth = 0): void {
  if (--walk.conditions < 0 || depth > FILTER_LIMITS.depth) return tooComplex(walk)
  switch (where.kind) {
    case 'and':
    case 'or':
      for (const each of where.of) walkWhere(walk, object, each, depth + 1)
      return
    case 'not':
      return walkWhere(walk, object, where.of, depth + 1)
    case 'compare':
      return walkCompare(walk, object, where)
    case 'parent': {
      const target = parentObject(walk, object, where.relationship, where.object)
      if (target) walkWhere(walk, target, where.where, depth + 1)
      return
    }
    case 'children': {
      const found = readableChildren(walk, object, where.relationship)
      if (found) walkWhere(walk, found.object, where.where, depth + 1)
      else walk.findings.push(noField(where.relationship, object.name))
    }
  }
}

function tooComplex(walk: Walk): void {
  if (!walk.findings.includes(TOO_COMPLEX)) walk.findings.push(TOO_COMPLEX)
}

function walkCompare(walk: Walk, object: ObjectDef, where: Extract<Where, { kind: 'compare' }>): void {
  const field = fieldOf(walk, object, where.field)
  if (field) walk.findings.push(...operatorFindings(field, where.operator))
}

function walkAggregate(walk: Walk, object: ObjectDef, query: AggregateQuery): void {
  if (query.where) walkWhere(walk, object, query.where)
  for (const group of query.groupBy) walkGroup(walk, object, group)
  for (const part of query.select) {
    if (part.kind === 'group') {
      for (const each of part.parts)
        if (!query.groupBy[each.group])
          say(walk, 'GROUP', `${each.key} is not one of the groups.`, 'Name it in groupBy.')
    } else if (part.kind === 'percentile') walkMeasure(walk, object, part.field, part.kind)
    else if (part.kind !== 'count' && part.kind !== 'constant')
      for (const each of part.parts) walkMeasure(walk, object, each.field, part.kind)
  }
  if (query.having) walkHaving(walk, object, query.having)
}

function walkHaving(walk: Walk, object: ObjectDef, having: Having, depth = 0): void {
  if (--walk.conditions < 0 || depth > FILTER_LIMITS.depth) return tooComplex(walk)
  if (having.kind === 'not') return walkHaving(walk, object, having.of, depth + 1)
  if (having.kind !== 'compare') return having.of.forEach((each) => walkHaving(walk, object, each, depth + 1))
  const { measure, operator } = having
  if (measure !== 'count') walkMeasure(walk, object, having.field ?? '', measure)
  const field = object.field(measure === 'count' ? 'Version' : (having.field ?? ''))
  if (field && !operatorsOf(field).includes(operator))
    say(
      walk,
      'OPERATOR',
      `The ${measure} can't be compared with "${operator}".`,
      `Use ${operatorsOf(field).join(', ')}.`,
    )
}

function walkGroup(walk: Walk, object: ObjectDef, group: AggregateQuery['groupBy'][number]): void {
  const field = walkPath(walk, object, group.path)
  if (!field) return
  const name = group.path.join('.')
  const formula = formulaSqlFinding(field, 'grouped')
  if (formula) walk.findings.push(formula)
  if (!isSortable(field)) say(walk, 'NOT_GROUPABLE', `Records can't be grouped by ${name}.`)
  if (group.by && !hasBuckets(field))
    say(walk, 'NOT_A_DATE', `${name} is not a date, so it can't be grouped by ${group.by}.`)
  if (group.by === 'HOUR' && field.storage === 'date')
    say(walk, 'NOT_A_DATE', `${name} has no time of day, so it can't be grouped by HOUR.`)
}

function walkMeasure(
  walk: Walk,
  object: ObjectDef,
  name: string,
  kind: 'sum' | 'avg' | 'min' | 'max' | 'percentile',
): void {
  const field = fieldOf(walk, object, name)
  if (!field) return
  const fits =
    kind === 'min' || kind === 'max'
      ? isSortable(field) && field.type !== 'Formula' && field.storage !== 'boolean'
      : isNumeric(field)
  if (!fits) say(walk, 'NOT_A_NUMBER', `The ${kind} of ${name} can't be computed.`, 'Use a number field.')
}
