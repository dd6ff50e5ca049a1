import type { Catalog } from '../catalog.ts'
import type { ActionDocument, Recipient } from '../documents.ts'
import { templateSlots, type Path, type Slot } from './kind.ts'

/** The one object the process engine itself is told of: rows of milestones. */
const MILESTONE_ROW = 'RecordMilestone'

/** The object that a field update changes; undefined when its lookup leads to none or to several. */
export function targetObject(action: ActionDocument & { type: 'FieldUpdate' }, catalog: Catalog): string | undefined {
  if (action.on === undefined || action.on === 'record') return action.object
  if (action.on === 'milestone') return MILESTONE_ROW
  const reference = catalog.object(action.object)?.field(action.on.through)?.reference
  return reference && !reference.polymorphic ? reference.to[0] : undefined
}

export function actionSlots(action: ActionDocument, catalog: Catalog): Slot[] {
  const own: Slot = { is: 'document', at: ['object'], kind: 'Object', name: action.object }
  return [
    own,
    ...slotsOfType(action, catalog).map((slot): Slot => (slot.is === 'formula' ? { ...slot, fired: true } : slot)),
  ]
}

function slotsOfType(action: ActionDocument, catalog: Catalog): Slot[] {
  const { object } = action
  const field = (at: Path, path: string): Slot => ({ is: 'field', at, object, path, fired: true })
  switch (action.type) {
    case 'FieldUpdate':
      return fieldUpdateSlots(action, catalog)
    case 'Task':
      return [
        ...templateSlots(['subject'], object, action.subject),
        ...(typeof action.assignTo === 'object' && 'field' in action.assignTo
          ? [field(['assignTo', 'field'], action.assignTo.field)]
          : []),
        ...valueSlots(object, 'Task', action.values),
      ]
    case 'EmailAlert':
      return [
        { is: 'document', at: ['template'], kind: 'EmailTemplate', name: action.template },
        ...recipientSlots(['recipients'], object, action.recipients),
        ...recipientSlots(['cc'], object, action.cc),
      ]
    case 'OutboundMessage':
      return (action.fields ?? []).map((path, i) => field(['fields', i], path))
    case 'OwnerChange':
      return 'formula' in action.to
        ? [{ is: 'formula', at: ['to', 'formula'], object, source: action.to.formula, options: { returnType: 'Text' } }]
        : []
    case 'CreateRecord':
      return [
        { is: 'document', at: ['create'], kind: 'Object', name: action.create },
        ...valueSlots(object, action.create, action.values),
      ]
    case 'FeedPost':
      return templateSlots(['body'], object, action.body)
    case 'StartMilestone':
      return []
  }
}

function fieldUpdateSlots(action: ActionDocument & { type: 'FieldUpdate' }, catalog: Catalog): Slot[] {
  const { object, on } = action
  const through: Slot[] =
    typeof on === 'object' ? [{ is: 'field', at: ['on', 'through'], object, path: on.through }] : []
  const target = targetObject(action, catalog)
  if (target === undefined) return [...through, { is: 'formula', at: ['formula'], object, source: action.formula }]
  const into = { object: target, field: action.field }
  return [
    ...through,
    { is: 'field', at: ['field'], object: target, path: action.field },
    { is: 'formula', at: ['formula'], object, source: action.formula, into },
  ]
}

/** Values of a new record: the keys are its fields, the formulas stand on the record the action acts for. */
const valueSlots = (object: string, created: string, values: { readonly [field: string]: string } = {}): Slot[] =>
  Object.entries(values).flatMap(([field, source]): Slot[] => [
    { is: 'formula', at: ['values', field], object, source, into: { object: created, field } },
    { is: 'field', at: ['values', field], key: true, object: created, path: field },
  ])

const recipientSlots = (at: Path, object: string, recipients: readonly Recipient[] = []): Slot[] =>
  recipients.flatMap((r, i): Slot[] =>
    typeof r === 'object' && 'field' in r
      ? [{ is: 'field', at: [...at, i, 'field'], object, path: r.field, fired: true }]
      : [],
  )
