import type { Finding } from '#util'
import type { Document } from '../documents.ts'
import { reporter } from '../report.ts'
import type { FieldDraft } from './fields.ts'
import type { ObjectDraft } from './objects.ts'

/** The platform's own tables have other names than these. */
const TABLE = /^o_[a-z0-9_]+$/
const COLUMN = /^c_[a-z0-9_]+$/

/** Each object has a table to itself, deleted ones included, and each of its fields an id and a column. */
export function checkIdentities(
  documents: readonly Document[],
  objects: readonly ObjectDraft[],
  findings: Finding[],
): void {
  const stored = documents.filter((document) => document.kind === 'Object')
  for (const document of repeated(stored, ({ physicalName }) => physicalName, TABLE)) report(findings, document)
  for (const object of objects)
    for (const { document = object.document } of [
      ...repeated(object.fields, ({ column }) => column, COLUMN),
      ...repeated(object.fields, ({ id }) => id),
    ])
      report(findings, document)
}

/** Those whose key is an earlier one's, or has another shape. */
function repeated<T extends Document | FieldDraft>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  shape?: RegExp,
): T[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = keyOf(item)
    if (key === undefined) return false
    const wrong = seen.has(key) || shape?.test(key) === false
    seen.add(key)
    return wrong
  })
}

const report = (findings: Finding[], document: Document): void =>
  reporter(
    findings,
    document,
  )({
    code: 'IDENTITY_TAKEN',
    path: document.kind === 'Object' ? 'physicalName' : 'id',
    message: `${document.name} would share its table, column or id with another one.`,
    hint: 'Leave `id` and `physicalName` out; the platform gives each its own.',
  })
