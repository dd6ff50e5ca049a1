import type { Document, Kind } from '../documents.ts'
import { isReturn } from './columns.ts'
import { changedKeys } from './json.ts'
import type { PlanStep, StepAction } from './types.ts'

/** Steps that lead from one set of documents to another, matched by kind and id alone. Objects first, then fields, then the rest; deletions last. */
export function diffDocuments(
  before: readonly Document[],
  after: readonly Document[],
  asked: (d: Document) => boolean,
): PlanStep[] {
  const old = new Map(before.map((d) => [keyOf(d), d]))
  const now = new Map(after.map((d) => [keyOf(d), d]))
  const steps = [
    ...after.flatMap((d) => stepFor(old.get(keyOf(d)), d)),
    ...before.flatMap((d) =>
      now.has(keyOf(d)) ? [] : [step('deleteOther', d, `Delete the ${LABELS[d.kind]} ${d.name}.`, { before: d })],
    ),
  ]
  const marked = steps.map((s) => (asked((s.after ?? s.before) as Document) ? s : { ...s, follows: true }))
  return marked.sort((a, b) => RANK[a.action] - RANK[b.action])
}

const keyOf = (d: Document): string => `${d.kind}:${d.id}`

const LABELS: { readonly [kind in Kind]: string } = {
  Object: 'object', Field: 'field', ValidationRule: 'validation rule', Layout: 'page layout', ListView: 'list view', EntitlementProcess: 'entitlement process',
  AutoApplyRule: 'auto-apply rule', Action: 'action', EmailTemplate: 'e-mail template', CustomLabel: 'custom label', PermissionSet: 'permission set',
} // prettier-ignore

const ORDER: readonly StepAction[] = [
  'createObject', 'restoreObject', 'renameObject', 'changeObject', 'addField', 'restoreField', 'renameField', 'changeFieldType', 'changeField',
  'addOther', 'renameOther', 'changeOther', 'deleteOther', 'deleteField', 'deleteObject',
] // prettier-ignore
const RANK = Object.fromEntries(ORDER.map((action, i) => [action, i])) as { readonly [action in StepAction]: number }

function step(action: StepAction, d: Document, text: string, more: Partial<PlanStep>): PlanStep {
  return { action, kind: d.kind, id: d.id ?? d.name, name: d.name, text, ...more }
}

function stepFor(before: Document | undefined, after: Document): PlanStep[] {
  const label = LABELS[after.kind]
  if (!before)
    return [
      step(
        wordFor('add', after),
        after,
        `${after.kind === 'Object' ? 'Create' : 'Add'} the ${label} ${after.name}${typeOf(after)}.`,
        { after },
      ),
    ]
  if (before.deletedAt === undefined && after.deletedAt !== undefined)
    return [
      step(
        wordFor('delete', after),
        after,
        `Delete the ${label} ${after.name}${hasData(after) ? '; its data is kept for 15 days' : ''}.`,
        {
          before,
          after,
        },
      ),
    ]
  if (before.deletedAt !== undefined && after.deletedAt === undefined)
    return [
      step(
        wordFor('restore', after),
        after,
        `Bring back the ${label} ${after.name}${hasData(after) ? ' with its data' : ''}.`,
        { before, after },
      ),
    ]
  return [...renameStep(before, after), ...changeStep(before, after)]
}

function renameStep(before: Document, after: Document): PlanStep[] {
  if (before.name === after.name) return []
  const text = `Rename the ${LABELS[after.kind]} ${before.name} to ${after.name}; its data stays and whatever names it follows.`
  return [step(wordFor('rename', after), after, text, { from: before.name, before, after })]
}

/** Keys that are no change of their own. */
const KEPT = new Set(['name', 'physicalName', 'formerColumns', 'calculating', 'deletedAt'])

function changeStep(before: Document, after: Document): PlanStep[] {
  const keys = changedKeys(before, after).filter((k) => !KEPT.has(k))
  if (keys.length === 0) return []
  if (before.kind === 'Field' && after.kind === 'Field' && before.type !== after.type)
    return [
      step(
        'changeFieldType',
        after,
        `Change ${after.name} from ${before.type} to ${after.type}${backTo(before, after)}.`,
        {
          keys,
          before,
          after,
        },
      ),
    ]
  return [
    step(
      wordFor('change', after),
      after,
      `Change the ${LABELS[after.kind]} ${after.name}: ${keys.join(', ')}${backTo(before, after)}.`,
      {
        keys,
        before,
        after,
      },
    ),
  ]
}

const hasData = ({ kind }: Document): boolean => kind === 'Object' || kind === 'Field'

/** Where the former values are still there, they are not converted again. */
const backTo = (before: Document, after: Document): string =>
  before.kind === 'Field' && after.kind === 'Field' && isReturn(before, after)
    ? ' and bring back its former values; where one was changed since, the present one is converted'
    : ''

function wordFor(verb: 'add' | 'change' | 'rename' | 'delete' | 'restore', { kind }: Document): StepAction {
  if (kind === 'Object') return verb === 'add' ? 'createObject' : `${verb}Object`
  if (kind === 'Field') return `${verb}Field`
  return verb === 'restore' ? 'addOther' : `${verb}Other`
}

const typeOf = (d: Document): string => (d.kind === 'Field' ? ` (${d.type})` : '')
