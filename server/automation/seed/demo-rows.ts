import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog, FieldDef } from '#metadata'
import { formatInstant } from '#util'
import type { Instant, Row, Value } from '#util'

/** A row of the demo's data with its `$key`, `$changes` and unresolved references. */
export interface DemoRow {
  readonly object: string
  readonly key: string | undefined
  readonly values: { readonly [field: string]: unknown }
  readonly changes: readonly { readonly [field: string]: unknown }[]
}

interface DemoFile {
  readonly object: string
  readonly rows: readonly { readonly [key: string]: unknown }[]
}

/** The demo's files in the order in which they can be inserted; see the README beside them. */
export function readDemoRows(folder: string): DemoRow[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const files = read('index.json') as string[]
  return files.filter((file) => existsSync(join(folder, file))).flatMap((file) => rowsOf(read(file) as DemoFile))
}

const rowsOf = ({ object, rows }: DemoFile): DemoRow[] =>
  rows.map(({ $key, $changes, ...values }) => ({
    object,
    key: $key === undefined ? undefined : String($key),
    values,
    changes: ($changes ?? []) as DemoRow['changes'],
  }))

/** Turns references, `$ago` and `$ahead` into values. */
export interface Resolver {
  readonly catalog: Catalog
  readonly now: Instant
  readonly timeZone: string
  readonly ids: ReadonlyMap<string, string>
}

export function resolveRow(resolver: Resolver, objectName: string, values: DemoRow['values']): Row {
  const object = resolver.catalog.object(objectName)
  if (!object) throw new Error(`The demo names an object ${objectName} that is not there`)
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !name.startsWith('$'))
      .map(([name, value]) => [name, resolve(resolver, object.field(name), value)]),
  )
}

function resolve(resolver: Resolver, field: FieldDef | undefined, value: unknown): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as Value
  if ('$ref' in value) {
    const id = resolver.ids.get(String(value.$ref))
    if (!id) throw new Error(`The demo refers to ${String(value.$ref)}, which is not there yet`)
    return id
  }
  const at = instantOf(value, resolver.now)
  if (at === undefined) return value as Value
  return field?.type === 'Date' ? localDate(at, resolver.timeZone) : formatInstant(at)
}

/** The instant of `{"$ago": "3h 20m"}` or `{"$ahead": "14d"}`. */
export function instantOf(value: unknown, now: Instant): Instant | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('$ago' in value) return now - durationMs(String(value.$ago))
  return '$ahead' in value ? now + durationMs(String(value.$ahead)) : undefined
}

const UNIT: { readonly [unit: string]: number } = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }

const durationMs = (text: string): number =>
  [...text.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNIT[unit!]!,
    0,
  )

const localDate = (at: Instant, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)
