import type { ActionDocument, AutoApplyRuleDocument, Catalog, Document, EntitlementProcessDocument } from '#metadata'

/** A row that a document names by one of its fields instead of by id. */
export interface RowName {
  readonly object: string
  readonly field: string
  readonly key: string
}

type Renaming = (object: string, key: string, field?: string) => string

/** The document with each user, group, role, milestone, business hours and entitlement that it names called as `rename` says. */
export function mapRowNames(document: Document, rename: Renaming): Document {
  if (document.kind === 'AutoApplyRule') return mapRule(document, rename)
  if (document.kind === 'EntitlementProcess') return mapProcess(document, rename)
  return document.kind === 'Action' ? mapAction(document, rename) : document
}

const mapRule = (rule: AutoApplyRuleDocument, rename: Renaming): AutoApplyRuleDocument =>
  'entitlement' in rule.apply
    ? { ...rule, apply: { entitlement: rename('Entitlement', rule.apply.entitlement) } }
    : rule

function mapProcess(process: EntitlementProcessDocument, rename: Renaming): EntitlementProcessDocument {
  const inHours = <T extends { readonly businessHours?: string }>(part: T): T =>
    part.businessHours === undefined ? part : { ...part, businessHours: rename('BusinessHours', part.businessHours) }
  const named = (milestone: string): string => rename('Milestone', milestone)
  const milestones = process.milestones.map((item) => ({
    ...inHours(item),
    milestone: named(item.milestone),
    ...(item.after && { after: item.after.map(named) }),
  }))
  return { ...inHours(process), milestones }
}

function mapAction(action: ActionDocument, rename: Renaming): ActionDocument {
  if (action.type === 'StartMilestone') return { ...action, milestone: rename('Milestone', action.milestone) }
  if (action.type === 'Task' && action.assignTo) return { ...action, assignTo: mapPerson(action.assignTo, rename) }
  if (action.type === 'OwnerChange') return { ...action, to: mapPerson(action.to, rename) }
  if (action.type !== 'EmailAlert') return action
  const people = action.recipients.map((person) => mapPerson(person, rename))
  return { ...action, recipients: people, ...(action.cc && { cc: action.cc.map((one) => mapPerson(one, rename)) }) }
}

function mapPerson<T>(person: T, rename: Renaming): T {
  if (typeof person !== 'object' || person === null) return person
  if ('user' in person) return { ...person, user: rename('User', String(person.user), 'Username') }
  if ('group' in person) return { ...person, group: rename('Group', String(person.group)) }
  return 'role' in person ? { ...person, role: rename('UserRole', String(person.role)) } : person
}

/** The rows that a document names. */
export function rowNamesOf(document: Document): RowName[] {
  const names: RowName[] = []
  mapRowNames(document, (object, key, field = 'Name') => {
    names.push({ object, field, key })
    return key
  })
  return names
}

export const nameKey = ({ object, field, key }: RowName): string => `${object} ${field} ${key}`

const cache = new WeakMap<Catalog, Map<string, Document[]>>()

/** Documents by what they name: `User Username ben@example.com` → the actions. */
export function documentsNaming(catalog: Catalog): ReadonlyMap<string, readonly Document[]> {
  const known = cache.get(catalog)
  if (known) return known
  const made = new Map<string, Document[]>()
  for (const documents of catalog.documents.values())
    for (const document of documents.values())
      for (const key of new Set(rowNamesOf(document).map(nameKey))) made.set(key, [...(made.get(key) ?? []), document])
  cache.set(catalog, made)
  return made
}

/**
 * Documents that records come to need: active versions and the actions that they take. `also`: versions that govern records besides.
 * Where a rule finds no entitlement, the next rule is asked.
 */
export function documentsInUse(catalog: Catalog, also: ReadonlySet<string> = new Set()): ReadonlySet<Document> {
  const versions = [...catalog.processes.values()].filter((d) => d.status === 'active' || also.has(d.name))
  const actions = versions.flatMap(actionsOf).flatMap((name) => catalog.actions.get(name) ?? [])
  return new Set([...versions, ...actions])
}

const actionsOf = ({ milestones }: EntitlementProcessDocument): string[] =>
  milestones.flatMap((item) => [
    ...(item.successActions ?? []),
    ...[...(item.warnings ?? []), ...(item.violations ?? [])].flatMap((step) => step.actions),
  ])
