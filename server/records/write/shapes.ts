import { DatabaseError } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import { pushTo } from '#util'
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

/** Groups items that fill the same columns in the same order, by those columns, so that each group is one kind of statement. */
export function byShape<T>(items: readonly T[], keys: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) pushTo(groups, keys(item).join(','), item)
  return groups
}

/** SQLite binds at most 32,766 values. */
const MOST_PARAMETERS = 30_000
/** Up to here a batch has the size it has: the few rows that most saves write are one statement a table. */
const EXACT = 16
/** 200 is a batch of timers, or of the journal. */
const SIZES = [200, 128, 64, 32, EXACT]

/** Cuts a list into batches of few different sizes, so that prepared statements are used again. */
export function batches<T>(items: readonly T[], parametersEach: number): T[][] {
  const most = Math.max(1, Math.floor(MOST_PARAMETERS / parametersEach))
  const result: T[][] = []
  for (let at = 0; at < items.length;) {
    const left = Math.min(items.length - at, most)
    const size = SIZES.find((n) => n <= left) ?? left
    result.push(items.slice(at, at + size))
    at += size
  }
  return result
}

const MOST_KEPT = 2_000
const kept = new WeakMap<ObjectDef, Map<string, unknown>>()

/** Made once for an object and a key: a statement that is the same text each time is found by the driver without reading it. */
export function once<T>(object: ObjectDef, key: string, make: () => T): T {
  const known = kept.get(object) ?? new Map<string, unknown>()
  kept.set(object, known)
  const found = known.get(key) as T | undefined
  if (found !== undefined) return found
  if (known.size >= MOST_KEPT) known.clear()
  const made = make()
  known.set(key, made)
  return made
}
