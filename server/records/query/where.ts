/**
 * Where → a predicate. A comparison with a blank is unknown in SQL and counts as "no"; `not`, `every` and `none` turn that into a real false first
 * (`is not true`), so that a filter and its `not` always split the rows in two.
 */
import type { ObjectDef } from '#metadata'
import type { Where } from '../query-tree.ts'
import type { Build } from './build.ts'
import { compileCompare } from './compare.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { JoinedSource } from './sources.ts'
import { falseSql, trueSql } from './table-ref.ts'

export function compileWhere(build: Build, source: JoinedSource, where: Where): string {
  switch (where.kind) {
    case 'and':
      return where.of.length === 0 ? trueSql(build) : where.of.map((each) => wrapped(build, source, each)).join(' and ')
    case 'or':
      return where.of.length === 0 ? falseSql(build) : where.of.map((each) => wrapped(build, source, each)).join(' or ')
    case 'not':
      return `(${compileWhere(build, source, where.of)}) is not true`
    case 'compare':
      return compileCompare(build, source, where)
    case 'parent':
      return parentFits(build, source, where)
    case 'children':
      return childrenFit(build, source, where)
  }
}

const wrapped = (build: Build, source: JoinedSource, where: Where): string => {
  const text = compileWhere(build, source, where)
  return where.kind === 'compare' ? text : `(${text})`
}

function parentFits(build: Build, source: JoinedSource, where: Extract<Where, { kind: 'parent' }>): string {
  const field = source.object.parent(where.relationship)!
  const parent = source.parent(field, parentTarget(build, source.object, where.relationship, where.object))
  return `${idOf(parent)} is not null and (${compileWhere(build, parent, where.where)})`
}

/** The object that a relationship leads to; authorize has made sure that there is one. */
export function parentTarget(build: Build, object: ObjectDef, relationship: string, picked?: string): ObjectDef {
  const reference = object.parent(relationship)!.reference!
  return build.catalog.objects.get(picked ?? reference.to[0]!)!
}

function childrenFit(build: Build, source: JoinedSource, where: Extract<Where, { kind: 'children' }>): string {
  const child = source.object.children.get(where.relationship)!
  const object = build.catalog.objects.get(child.object)!
  const field = object.field(child.field)!
  const rows = fromObject(build, object, { through: field })
  rows.conditions.unshift(`${columnOf(rows.source, field)} = ${idOf(source)}`)
  const fits = compileWhere(build, rows.source, where.where)
  rows.conditions.push(where.quantifier === 'every' ? `(${fits}) is not true` : `(${fits})`)
  return `${where.quantifier === 'some' ? '' : 'not '}exists (select 1 ${rows.text()})`
}
