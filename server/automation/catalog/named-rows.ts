import type { Catalog, Document } from '#metadata'
import type { DialectReader } from '#records'
import type { Finding, Row } from '#util'
import { idsBy } from '../rows.ts'

/** A row that a document names by one of its fields instead of by id. */
interface Mention {
  readonly object: string
  readonly field: string
  readonly key: string
}

/** Users, groups, roles, milestones, business hours and entitlements that a document names. */
function mentionsOf(document: Document): Mention[] {
  if (document.kind === 'AutoApplyRule')
    return 'entitlement' in document.apply ? [{ object: 'Entitlement', field: 'Name', key: document.apply.entitlement }] : [] // prettier-ignore
  if (document.kind === 'EntitlementProcess' && document.status !== 'inactive')
    return [
      ...document.milestones.map(({ milestone }) => named('Milestone', milestone)),
      ...[document, ...document.milestones].flatMap((d) => d.businessHours === undefined ? [] : named('BusinessHours', d.businessHours)), // prettier-ignore
    ]
  if (document.kind !== 'Action') return []
  if (document.type === 'StartMilestone') return [named('Milestone', document.milestone)]
  if (document.type === 'Task') return personOf(document.assignTo)
  if (document.type === 'OwnerChange') return personOf(document.to)
  return document.type === 'EmailAlert' ? [...document.recipients, ...(document.cc ?? [])].flatMap(personOf) : []
}

const named = (object: string, key: string): Mention => ({ object, field: 'Name', key })

function personOf(person: unknown): Mention[] {
  const { user, group, role } = (typeof person === 'object' && person !== null ? person : {}) as {
    [kind: string]: string
  }
  return [
    ...(user === undefined ? [] : [{ object: 'User', field: 'Username', key: user }]),
    ...(group === undefined ? [] : [named('Group', group)]),
    ...(role === undefined ? [] : [named('UserRole', role)]),
  ]
}

const cache = new WeakMap<Catalog, Map<string, string[]>>()

/** Documents by what they name: `User Username ben@example.com` → the actions. */
function usersOf(catalog: Catalog): Map<string, string[]> {
  const known = cache.get(catalog)
  if (known) return known
  const made = new Map<string, string[]>()
  for (const documents of catalog.documents.values())
    for (const document of documents.values())
      for (const { object, field, key } of mentionsOf(document)) {
        const at = `${object} ${field} ${key}`
        made.set(at, [...new Set([...(made.get(at) ?? []), `${document.kind} ${document.name}`])])
      }
  cache.set(catalog, made)
  return made
}

/** Documents that name this row, so that it can't be deleted. */
export function namedBy(catalog: Catalog, object: string, row: Row): string[] {
  return ['Name', 'Username'].flatMap((field) => usersOf(catalog).get(`${object} ${field} ${String(row[field])}`) ?? [])
}

/** Warns of rows that documents of the next catalog name and that are not there. `coming`: names that the same change brings. */
export async function checkNamed(
  reader: DialectReader,
  next: Catalog,
  documents: readonly Document[],
  coming: ReadonlySet<unknown>,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const document of documents)
    for (const { object: name, field, key } of mentionsOf(document)) {
      const object = next.object(name)
      const holder = object?.field(field)
      if (!object || !holder || coming.has(key) || (await idsBy(reader, object, holder, [key])).size > 0) continue
      findings.push({
        code: 'NO_SUCH_ROW',
        severity: 'warning',
        message: `${document.kind} ${document.name} names the ${object.label} ${key}, and there is none.`,
        hint: 'Make it, or name another one; until then what needs it fails.',
      })
    }
  return findings
}
