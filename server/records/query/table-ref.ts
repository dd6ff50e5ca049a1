/**
 * The one function that names a table in a query. Whatever reaches rows (selection, filter, order, child list, aggregate, count) comes through here,
 * so the row rules are on every reference: not deleted; the record that gives access must be visible itself; sharing.
 */
import type { FieldDef, ObjectDef } from '#metadata'
import { accessReferences, referenceTargets } from '../access/object-access.ts'
import { quote } from '#database'
import { hasWholeRecycleBin } from '../access/permissions.ts'
import { literal, param } from './build.ts'
import type { Build } from './build.ts'
import { seenRow } from './quoted.ts'
import { bareFrom, columnOf, fromObject, idOf } from './sources.ts'
import type { JoinedSource } from './sources.ts'
import type { ListQuery, Where } from '../query-tree.ts'
import { compileWhere } from './where.ts'

export interface TableOptions {
  /** Default exclude. */
  readonly deleted?: Deleted
  /** The rows are reached from a visible record through this reference, which settles its rule. */
  readonly through?: FieldDef
}

type Deleted = NonNullable<ListQuery['deleted']> | 'include'

export interface TableRef {
  readonly sql: string
  /** Predicates, all of which must hold; in the ON of a join, in the WHERE of anything else. */
  readonly rules: readonly string[]
}

export function tableRef(build: Build, object: ObjectDef, source: JoinedSource, options: TableOptions = {}): TableRef {
  return {
    sql: quote(object.table),
    rules: [...deletedRule(build, source, options.deleted ?? 'exclude'), ...accessRules(build, source, options)],
  }
}

function deletedRule(build: Build, source: JoinedSource, deleted: Deleted): string[] {
  const field = source.object.field('IsDeleted')
  if (!field?.column || deleted === 'include') return []
  const column = columnOf(source, field)
  const gone = deleted !== 'exclude'
  const rule = build.dialect === 'sqlite' ? `${column} = ${gone ? 1 : 0}` : gone ? column : `not ${column}`
  return deleted === 'only' && !hasWholeRecycleBin(build) ? [rule, deletedByCaller(build, source)] : [rule]
}

/** Nothing changes a deleted record, so that who changed it last is who deleted it. */
function deletedByCaller(build: Build, source: JoinedSource): string {
  const by = source.object.field('LastModifiedById')
  return by?.column ? `${columnOf(source, by)} = ${param(build, (run) => run.context.userId, 'text')}` : falseSql(build)
}

function accessRules(build: Build, source: JoinedSource, { through, deleted }: TableOptions): string[] {
  if (build.system !== undefined) return []
  const references = accessReferences(source.object).filter((field) => field.id !== through?.id)
  const filter = build.permissions.rowFilter?.(source.object.name)
  return [
    ...references.map((field) => visibleParent(build, source, field, mastersOf(deleted))),
    ...seenRow(build, source.object, source.alias),
    ...(filter ? [sharing(build, source, filter)] : []),
  ]
}

/** What was deleted is shown to all who could read it, also when it went with its master; a recycle bin lists only what can come back by itself. */
const mastersOf = (deleted: Deleted = 'exclude'): Deleted =>
  deleted === 'justDeleted' || deleted === 'include' ? 'include' : 'exclude'

/** A rule that follows references does so in a select of its own: the ON of a join can't name tables that are joined later. */
function sharing(build: Build, source: JoinedSource, filter: Where): string {
  if (!needsJoin(source.object, filter)) return `(${compileWhere(build, source, filter)})`
  const own = bareFrom(build, source.object)
  own.conditions.push(`${idOf(own.source)} = ${idOf(source)}`, `(${compileWhere(build, own.source, filter)})`)
  return `exists (select 1 ${own.text()})`
}

function needsJoin(object: ObjectDef, where: Where): boolean {
  if (where.kind === 'and' || where.kind === 'or') return where.of.some((each) => needsJoin(object, each))
  if (where.kind === 'not') return needsJoin(object, where.of)
  if (where.kind === 'compare')
    return object.field(where.field)?.formula?.paths.some((path) => path.includes('.')) ?? false
  return where.kind === 'parent'
}

/**
 * The record that this reference names exists and may be seen. A reference to several objects is told apart by the id's key prefix.
 * Masters in a ring, which no change makes any more, give access to nothing.
 */
function visibleParent(build: Build, source: JoinedSource, field: FieldDef, deleted: Deleted): string {
  const asked = [...build.asked, source.object.name]
  const targets = referenceTargets(field, source.object, build.catalog)
    .map((name) => build.catalog.objects.get(name)!)
    .filter((target) => build.permissions.object(target.name).read && !(field.reference?.any && followsAny(target)))
    .filter((target) => !asked.includes(target.name))
  const column = columnOf(source, field)
  const visible = (target: ObjectDef): string => {
    const parent = fromObject({ ...build, asked }, target, { deleted })
    parent.conditions.unshift(`${idOf(parent.source)} = ${column}`)
    return `exists (select 1 ${parent.text()})`
  }
  const [only] = targets
  if (!only) return falseSql(build)
  if (!field.reference?.polymorphic && targets.length === 1) return visible(only)
  const cases = targets.map((target) => `when ${literal(target.keyPrefix)} then ${visible(target)}`)
  return `case substr(${column}, 1, 3) ${cases.join(' ')} else ${falseSql(build)} end`
}

/** Rows that hang on any record (posts, history) give no access to other such rows: the question would never end. */
const followsAny = (object: ObjectDef): boolean => accessReferences(object).some((field) => field.reference?.any)

export const falseSql = (build: Build): string => (build.dialect === 'sqlite' ? '0' : 'false')
export const trueSql = (build: Build): string => (build.dialect === 'sqlite' ? '1' : 'true')
