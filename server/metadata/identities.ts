import { base62 } from '#util'
import type { Document, ObjectDocument } from './documents.ts'
import { snake, splitName } from './names.ts'

const FIRST_CUSTOM_PREFIX = 10 * 62 * 62 // `A00`: shipped prefixes begin with a digit
const LAST_PREFIX = 62 ** 3

/** What is already taken: every stored document, deleted ones included. */
export interface Identities {
  readonly ids: Set<string>
  readonly keyPrefixes: Set<string>
  /** Lower-case tables, and columns as `object id/column`. */
  readonly physicalNames: Set<string>
}

export function identitiesOf(documents: Iterable<Document>): Identities {
  const taken: Identities = { ids: new Set(), keyPrefixes: new Set(), physicalNames: new Set() }
  const objectIds = new Map<string, string>()
  const all = [...documents]
  for (const d of all) if (d.kind === 'Object') objectIds.set(d.name, d.id ?? d.name)
  for (const d of all) {
    if (d.id) taken.ids.add(`${d.kind}:${d.id}`)
    if (d.kind === 'Object' && d.keyPrefix) taken.keyPrefixes.add(d.keyPrefix)
    if (d.physicalName) taken.physicalNames.add(physicalKey(d, d.physicalName, objectIds))
    if (d.kind === 'Field')
      for (const { column } of d.formerColumns ?? []) taken.physicalNames.add(physicalKey(d, column, objectIds))
  }
  return taken
}

/**
 * Gives each document what it needs once and for ever: an id, an object's key prefix, a table's or column's physical name.
 * A document that has them keeps them. Deterministic: the same documents in the same order get the same identities.
 */
export function assignIdentities(documents: readonly Document[], existing: Iterable<Document> = []): Document[] {
  const taken = identitiesOf([...existing, ...documents])
  const withIds = documents.map((d) =>
    d.id ? d : { ...d, id: claim(d.name, (id) => `${d.kind}:${id}`, taken.ids, '~') },
  )
  const objectIds = new Map<string, string>()
  for (const d of [...existing, ...withIds])
    if (d.kind === 'Object' && !d.deletedAt) objectIds.set(d.name, d.id ?? d.name)
  return withIds.map((d) => {
    if (d.kind === 'Object') return completeObject(d, taken)
    if (d.kind !== 'Field' || d.physicalName || d.type === 'Formula') return d
    const owner = objectIds.get(splitName(d.name)[0]) ?? splitName(d.name)[0]
    return {
      ...d,
      physicalName: claim(`c_${snake(splitName(d.name)[1])}`, (n) => `${owner}/${n}`, taken.physicalNames, '_'),
    }
  })
}

function completeObject(document: ObjectDocument, taken: Identities): ObjectDocument {
  if (document.keyPrefix && document.physicalName) return document
  const keyPrefix = document.keyPrefix ?? nextPrefix(taken.keyPrefixes)
  const physicalName = document.physicalName ?? claim(`o_${snake(document.name)}`, (n) => n, taken.physicalNames, '_')
  return { ...document, keyPrefix, physicalName }
}

/** `wanted`, or with a number behind it when that is taken. */
function claim(wanted: string, key: (name: string) => string, taken: Set<string>, separator: string): string {
  let name = wanted
  for (let n = 2; taken.has(key(name)); n++) name = `${wanted}${separator}${n}`
  taken.add(key(name))
  return name
}

/** A column for the same field in another form: the number behind it only ever goes up, so that a column that still holds the old values is never met. */
export function nextColumn(column: string, taken: Identities): string {
  const [, base = column, number = '1'] = /^(.*?)(?:_(\d+))?$/.exec(column) ?? []
  const free = (name: string): boolean => ![...taken.physicalNames].some((key) => key.endsWith(`/${name}`))
  let n = Number(number) + 1
  while (!free(`${base}_${n}`)) n++
  return `${base}_${n}`
}

function nextPrefix(taken: Set<string>): string {
  for (let n = FIRST_CUSTOM_PREFIX; n < LAST_PREFIX; n++) {
    const prefix = base62(n, 3)
    if (taken.has(prefix)) continue
    taken.add(prefix)
    return prefix
  }
  throw new Error('No key prefix is left')
}

function physicalKey(document: Document, name: string, objectIds: ReadonlyMap<string, string>): string {
  if (document.kind === 'Object') return name
  const object = splitName(document.name)[0]
  return `${objectIds.get(object) ?? object}/${name}`
}
