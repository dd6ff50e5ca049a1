import { documentsBehind, KINDS, targetObject, WORDS } from '#metadata'
import type { ActionDocument, Catalog, Document, FieldDocument, PlanStep } from '#metadata'
import type { Finding } from '#util'
import { needsManageUsers } from './needs.ts'
import type { Change } from './own.ts'

/** Whatever decides about users, before the change or after it, and whatever that hangs on, is changed by those who manage users. */
export function checkDecisions({ current, next, steps }: Change): Finding[] {
  const moved = steps.filter((step) => !step.follows && !isWords(step) && !isPlain(step))
  if (moved.every((step) => step.kind === 'PermissionSet')) return []
  const reasons = new Map([...reasonsIn(current), ...reasonsIn(next)])
  return moved.flatMap((step) => {
    const why = reasons.get(`${step.kind} ${step.id}`)
    return why === undefined ? [] : [needsManageUsers(step, why)]
  })
}

/** What people read, and what others call it. */
export const isWords = ({ action, keys }: PlanStep): boolean =>
  action.startsWith('rename') || (keys !== undefined && keys.every((key) => WORDS.has(key)))

const PLAIN = new Set(['$schema', 'kind', 'id', 'name', 'physicalName', 'label', 'description', 'helpText', 'type', 'length', 'precision', 'scale', 'valueSet', 'referenceTo', 'relationshipName', 'childRelationshipName', 'indexed', 'trackHistory']) // prettier-ignore
const NOT_PLAIN = new Set<FieldDocument['type']>([
  'MasterDetail',
  'Formula',
  'RollupSummary',
  'AutoNumber',
  'ExternalId',
])

/** A new field that stops and changes no save. */
const isPlain = ({ action, after }: PlanStep): boolean =>
  action === 'addField' &&
  after?.kind === 'Field' &&
  !NOT_PLAIN.has(after.type) &&
  Object.entries(after).every(([key, value]) => PLAIN.has(key) || value === false)

/** Why documents decide about users, by kind and id: those that do, and those that they hang on. */
function reasonsIn(catalog: Catalog): Map<string, string> {
  const all = [...catalog.documents.values()].flatMap((byName) => [...byName.values()])
  const decisive = all.flatMap((document) => {
    const why = decides(document, catalog)
    return why === undefined ? [] : [{ document, why }]
  })
  return new Map([
    ...decisive.flatMap(
      ({ document, why }) =>
      [...documentsBehind(catalog, document)].map((behind) => [keyOf(behind), `${document.name} hangs on it, and ${why}`] as const), // prettier-ignore
    ),
    ...decisive.map(({ document, why }) => [keyOf(document), why] as const),
  ])
}

const keyOf = ({ kind, id }: Document): string => `${kind} ${id}`

/** Why a document decides about users; undefined when it does not. */
function decides(document: Document, catalog: Catalog): string | undefined {
  switch (document.kind) {
    case 'Object':
    case 'ValidationRule':
      return isGuarded(objectOf(document), catalog) ? ABOUT_USERS : undefined
    case 'Field':
      return isGuarded(objectOf(document), catalog) ? ABOUT_USERS : keeps(document, catalog)
    case 'Action': {
      const written = writtenBy(document, catalog)
      return written && `it writes ${written}`
    }
    case 'EntitlementProcess': {
      const action = actionsOf(document, catalog).find((one) => writtenBy(one, catalog))
      return action && `its action ${action.name} writes ${writtenBy(action, catalog)}`
    }
    case 'AutoApplyRule':
      return startsDecisive(document, catalog)
    default:
      return undefined
  }
}

const ABOUT_USERS = 'it says who users are and what they may do'
const objectOf = ({ name }: Document): string => name.split('.')[0]!
const isGuarded = (object: string, catalog: Catalog): boolean => catalog.object(object)?.writePermission !== undefined

/** A lookup may forbid the deletion of what it points to. */
const keeps = ({ referenceTo = [], deleteConstraint }: FieldDocument, catalog: Catalog): string | undefined =>
  deleteConstraint === 'Restrict' && referenceTo.some((to) => isGuarded(to, catalog))
    ? 'it keeps users from being deleted'
    : undefined

function startsDecisive({ apply }: Document & { kind: 'AutoApplyRule' }, catalog: Catalog): string | undefined {
  if (!('process' in apply)) return undefined
  const versions = [...catalog.processes.values()].filter((version) => version.process === apply.process)
  const why = versions.map((version) => decides(version, catalog)).find((reason) => reason !== undefined)
  return why && `it starts ${apply.process}, and ${why}`
}

const actionsOf = (document: Document, catalog: Catalog): ActionDocument[] =>
  KINDS[document.kind]
    .slots(document as never, catalog)
    .flatMap((slot) => (slot.is === 'document' && slot.kind === 'Action' ? (catalog.actions.get(slot.name) ?? []) : []))

/** The object about people that an action writes to. */
function writtenBy(action: ActionDocument, catalog: Catalog): string | undefined {
  const name =
    action.type === 'CreateRecord' ? action.create
    : action.type === 'FieldUpdate' ? targetObject(action, catalog)
    : action.type === 'OwnerChange' ? action.object
    : undefined // prettier-ignore
  return name !== undefined && isGuarded(name, catalog) ? name : undefined
}
