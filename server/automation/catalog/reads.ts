import { documentPath, fieldsRead } from '#metadata'
import type { Catalog, Document, FieldOn, Kind } from '#metadata'
import type { Finding } from '#util'
import { isWords } from './decisions.ts'
import { documentById, isOwn } from './own.ts'
import type { Change } from './own.ts'

/** What these show is checked again for whoever looks; they compute nothing. */
const SHOWN: ReadonlySet<Kind> = new Set<Kind>(['PermissionSet', 'Layout', 'ListView'])
/** What decides where a path leads. */
const PATHS: ReadonlySet<Kind> = new Set<Kind>(['Object', 'Field'])

/** Formulas read with the platform's rights, so their author must be able to read what they name, and what a path leads to after the change. */
export function checkReads(change: Change): Finding[] {
  const { actor, current, next, steps } = change
  if (actor.permissions.all !== undefined) return []
  const written = new Set(steps.filter((step) => !step.follows && !isWords(step)).map((step) => `${step.kind} ${step.id}`)) // prettier-ignore
  const redirected = steps.some((step) => PATHS.has(step.kind))
  return documentsOf(next).flatMap((document) => {
    const whole = written.has(`${document.kind} ${document.id}`)
    if (!whole && !redirected) return []
    const known = whole ? new Set() : readBefore(current, document)
    const hidden = fieldsRead(next, document).filter(({ field }) => !known.has(field.id) && field.id !== document.id)
    return hidden.filter((on) => !mayRead(change, on)).map((on) => unreadable(document, on))
  })
}

const documentsOf = (catalog: Catalog): Document[] =>
  [...catalog.documents].flatMap(([kind, byName]) => (SHOWN.has(kind) ? [] : [...byName.values()]))

function readBefore(current: Catalog, { kind, id }: Document): Set<string> {
  const before = documentById(current, kind, id)
  return new Set(before ? fieldsRead(current, before).map(({ field }) => field.id) : [])
}

/** Fields of one's own are as readable as what they are made of. */
function mayRead(change: Change, { object, field }: FieldOn): boolean {
  const was = change.current.objectById(object.id)?.name ?? object.name
  const known = change.current.object(was)?.fieldById(field.id)
  if (known && change.actor.permissions.object(was).canRead(known.name)) return true
  return (field.document ? isOwn(change, 'Field', field.id) : isOwn(change, 'Object', object.id)) && mayReadSources(change, field.document) // prettier-ignore
}

export const mayReadSources = (change: Change, document: Document | undefined): boolean =>
  !document || fieldsRead(change.next, document).every((on) => on.field.id === document.id || mayRead(change, on))

const unreadable = ({ kind, name }: Document, { object, field }: FieldOn): Finding => ({
  code: 'NOT_READABLE',
  severity: 'error',
  file: documentPath(kind, name),
  message: `${name} reads ${object.name}.${field.name}, which you may not read yourself.`,
  hint: 'Leave the field out, or ask somebody who may read it.',
})
