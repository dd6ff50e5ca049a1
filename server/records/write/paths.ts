import { DatabaseError, quote } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'

/** A field reached from a record: under which key its value stands in the row, and in which joined table it lies. */
export interface ReadPath {
  readonly path: string
  readonly field: FieldDef
  readonly alias: string
}

export interface Joins {
  readonly paths: readonly ReadPath[]
  /** ` LEFT JOIN …` for every table that the paths go through, each once. */
  readonly sql: string
}

interface Place {
  readonly object: ObjectDef
  readonly alias: string
}

const unknown = (object: ObjectDef, path: string): never => {
  throw new DatabaseError('BAD_VALUE', `${object.name} has no field ${path}.`)
}

/** Resolves canonical dotted paths (`Account.Tier__c`, `Owner:User.IsInternal`, `Parent:Case.Status`) to joins from the table aliased `t`. */
export function joinsFor(catalog: Catalog, object: ObjectDef, paths: readonly string[]): Joins {
  const places = new Map<string, Place>([['', { object, alias: 't' }]])
  const joins: string[] = []
  const placeOf = (steps: readonly string[], path: string): Place => {
    const key = steps.join('.')
    const known = places.get(key)
    if (known) return known
    const from = placeOf(steps.slice(0, -1), path)
    const place = follow(catalog, from, steps.at(-1)!, `j${places.size}`, joins) ?? unknown(object, path)
    places.set(key, place)
    return place
  }
  const read = paths.map((path): ReadPath => {
    const steps = path.split('.')
    const place = placeOf(steps.slice(0, -1), path)
    return { path, field: place.object.field(steps.at(-1)!) ?? unknown(object, path), alias: place.alias }
  })
  return { paths: read, sql: joins.join('') }
}

/** A polymorphic reference's ids say by their prefix which object they mean, so a join on the id finds the right one or nothing. */
function follow(catalog: Catalog, from: Place, step: string, alias: string, joins: string[]): Place | undefined {
  const [relationship = '', named] = step.split(':')
  const reference = from.object.parent(relationship)
  const object = catalog.object(named ?? reference?.reference?.to[0] ?? '')
  if (!reference?.column || !object) return undefined
  joins.push(
    ` LEFT JOIN ${quote(object.table)} ${alias} ON ${alias}.${quote(object.field('Id')!.column!)} = ${from.alias}.${quote(reference.column)}`,
  )
  return { object, alias }
}
