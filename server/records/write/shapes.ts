import { DatabaseError } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import { isStored } from '../codec.ts'

/** The stored fields behind a set of names, in the object's order; a name that is none is refused, a computed field is left out. */
export function fieldsOf(object: ObjectDef, names: Iterable<string>): FieldDef[] {
  const fields = [...names].map((name) => {
    const field = object.field(name)
    if (!field) throw new DatabaseError('BAD_VALUE', `${object.name} has no field ${name}.`)
    return field
  })
  return fields.filter(isStored)
}

/** Groups items that fill the same columns, so that each group is one kind of statement. */
export function byShape<T>(items: readonly T[], keys: (item: T) => readonly string[]): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const shape = [...keys(item)].sort().join(',')
    const group = groups.get(shape)
    if (group) group.push(item)
    else groups.set(shape, [item])
  }
  return [...groups.values()]
}

/** SQLite binds at most 32,766 values. */
const MOST_PARAMETERS = 30_000
const SIZES = [128, 64, 32, 16, 8, 4, 2, 1]

/** Cuts a list into batches of few different sizes, so that prepared statements are used again. */
export function batches<T>(items: readonly T[], parametersEach: number): T[][] {
  const result: T[][] = []
  for (let at = 0; at < items.length;) {
    const size = SIZES.find((n) => n === 1 || (n <= items.length - at && n * parametersEach <= MOST_PARAMETERS))!
    result.push(items.slice(at, at + size))
    at += size
  }
  return result
}
