import type { Finding } from '#util'
import type { FieldDocument, FieldType } from '../documents.ts'
import { storageOf } from '../field-types.ts'
import { documentPath } from '../report.ts'
import type { DataCheck, Loss, PlanStep } from './types.ts'
import { splitName } from '../names.ts'

export interface Consequences {
  readonly losses: Loss[]
  readonly checks: DataCheck[]
  readonly findings: Finding[]
}

/** What steps mean for the data: what may be lost, what the host must count, what can't be done at all. */
export function consequencesOf(steps: readonly PlanStep[]): Consequences {
  const result: Consequences = { losses: [], checks: [], findings: [] }
  for (const { before, after, action, kind, name } of steps) {
    if (action === 'deleteObject')
      result.losses.push({ kind, name, text: `All records of ${name} are hidden now and gone after 15 days.` })
    if (action === 'deleteField') deletedField(name, before as FieldDocument, result)
    if (before?.kind === 'Field' && after?.kind === 'Field' && action !== 'deleteField' && action !== 'renameField')
      changedField(before, after, result)
  }
  return result
}

const MINE_TO_COMPUTE = new Set<FieldType>(['Formula', 'RollupSummary'])

function deletedField(name: string, before: FieldDocument, { losses, checks }: Consequences): void {
  if (MINE_TO_COMPUTE.has(before.type)) return
  losses.push({ kind: 'Field', name, text: `The values of ${name} are hidden now and gone after 15 days.` })
  checks.push(check(before, { is: 'filled' }, `Records with a value in ${name}.`))
}

function changedField(before: FieldDocument, after: FieldDocument, result: Consequences): void {
  const { checks, losses } = result
  if (before.type !== after.type) return changedType(before, after, result)
  if (isTiedElsewhere(before, after) && onlyTarget(after))
    losses.push({ kind: 'Field', name: after.name, text: `Values of ${after.name} that are no ${onlyTarget(after)} become blank.` }) // prettier-ignore
  const newLength = after.length
  if (newLength !== undefined && newLength < (before.length ?? Infinity)) checks.push(check(after, { is: 'longer', than: newLength }, `Records whose ${after.name} is longer than ${newLength} characters.`)) // prettier-ignore
  if (after.required && !before.required)
    checks.push(
      check(
        after,
        { is: 'blank' },
        `Records without a value in ${after.name}; they can't be saved until they have one.`,
      ),
    )
  if (after.unique && !before.unique)
    checks.push(check(after, { is: 'duplicate' }, `Records that share a value of ${after.name}.`))
  const kept = new Set(after.valueSet?.values.map((v) => v.value))
  const gone = (before.valueSet?.values ?? []).map((v) => v.value).filter((v) => !kept.has(v))
  if (gone.length > 0) checks.push(check(after, { is: 'valueOf', values: gone }, `Records whose ${after.name} is ${gone.join(', ')}; they keep it, and it can't be chosen any more.`)) // prettier-ignore
  if (
    hasDigits(after) &&
    ((after.scale ?? 0) < (before.scale ?? 0) || (after.precision ?? 18) < (before.precision ?? 18))
  ) {
    losses.push({
      kind: 'Field',
      name: after.name,
      text: `Values of ${after.name} are rounded to ${after.scale ?? 0} digits after the point.`,
    })
    checks.push(
      check(after, { is: 'notConvertible', from: before, to: after }, `Records whose ${after.name} does not fit.`),
    )
  }
}

const hasDigits = ({ type }: FieldDocument): boolean => type === 'Number' || type === 'Currency' || type === 'Percent'

/** Types whose values all are values of the other as well. */
const TEXTS: readonly FieldType[] = [
  'Text',
  'LongTextArea',
  'RichText',
  'Email',
  'Phone',
  'Url',
  'Picklist',
  'ExternalId',
]
const WIDER: { readonly [from in FieldType]?: readonly FieldType[] } = {
  Email: TEXTS.slice(0, 3), Phone: TEXTS.slice(0, 3), Url: TEXTS.slice(0, 3), Text: ['LongTextArea', 'RichText'], ExternalId: ['Text', 'LongTextArea'], Picklist: ['Text', 'LongTextArea', 'MultiselectPicklist'],
  AutoNumber: ['Text', 'ExternalId'], Number: ['Currency', 'Percent', 'Text'], Currency: ['Number', 'Percent', 'Text'], Percent: ['Number', 'Currency', 'Text'], Date: ['DateTime', 'Text'], DateTime: ['Text'], Time: ['Text'],
  Checkbox: ['Text'], MasterDetail: ['Lookup'], Lookup: ['MasterDetail'], LongTextArea: ['RichText'],
} // prettier-ignore
const CONVERTIBLE: { readonly [from in FieldType]?: readonly FieldType[] } = {
  Text: ['Number', 'Currency', 'Percent', 'Date', 'DateTime', 'Time', 'Email', 'Phone', 'Url', 'Picklist', 'MultiselectPicklist', 'ExternalId', 'Checkbox'],
  LongTextArea: ['Text'], RichText: ['Text', 'LongTextArea'], DateTime: ['Date'], MultiselectPicklist: ['Picklist', 'Text'], Picklist: ['Checkbox'], Email: ['Phone', 'Url'], Phone: ['Email'], Number: ['Checkbox'],
} // prettier-ignore

function changedType(before: FieldDocument, after: FieldDocument, { losses, checks, findings }: Consequences): void {
  if (WIDER[before.type]?.includes(after.type)) return
  if (!CONVERTIBLE[before.type]?.includes(after.type))
    return void findings.push({
      code: 'NO_CONVERSION', severity: 'error', file: documentPath('Field', after.name), path: 'type',
      message: `${after.name} can't change from ${before.type} to ${after.type}.`,
      hint: `Add a field of type ${after.type}, copy what you need, and delete this one.`,
    }) // prettier-ignore
  losses.push({
    kind: 'Field',
    name: after.name,
    text: `Values of ${after.name} that are no ${after.type} become blank.`,
  })
  checks.push(
    check(after, { is: 'notConvertible', from: before, to: after }, `Records whose ${after.name} is no ${after.type}.`),
  )
}

function check(field: FieldDocument, what: DataCheck['check'], text: string): DataCheck {
  const [object, name] = splitName(field.name)
  return { object, field: name, check: what, text }
}

/** A new way to store values needs a new column: the old one stays as it is until the copy is done. */
export function needsNewColumn(before: FieldDocument, after: FieldDocument): boolean {
  const form = (f: FieldDocument): string => {
    const storage = storageOf(f.type, f)
    return storage === 'decimal' ? `decimal ${f.scale ?? 2}` : storage
  }
  return form(before) !== form(after) || isTiedElsewhere(before, after)
}

/** A column that is tied to the table of the one object it may name can't be untied, and points to nothing else. */
const isTiedElsewhere = (before: FieldDocument, after: FieldDocument): boolean =>
  onlyTarget(before) !== undefined && onlyTarget(before) !== onlyTarget(after)

const onlyTarget = ({ referenceTo = [] }: FieldDocument): string | undefined =>
  referenceTo.length === 1 && !referenceTo[0]!.startsWith('*') ? referenceTo[0] : undefined
