import { join } from 'node:path'
import { buildSchema as parseSchema, printSchema, validateSchema } from 'graphql'
import { expect, test } from 'vitest'
import { compileCatalog, type Catalog, type Document } from '#metadata'
import { compilePermissions } from '#records'
import { loadDocuments } from '#metadata/load'
import { buildSchema } from './build.ts'

const standard = loadDocuments(join(import.meta.dirname, '../../../metadata/standard')).documents
const object = (name: string, more: object = {}): Document =>
  ({ kind: 'Object', name, label: name, pluralLabel: name, nameField: { label: 'Name', type: 'Text' }, ...more }) as Document // prettier-ignore

/** The shipped objects with these of them tracked, and as many others more; without what shows or fills the fields of processes. */
function tracking(shipped: readonly string[], others: number): ReturnType<typeof compileCatalog> {
  const documents = standard
    .filter(({ kind, name }) => ['Object', 'Field'].includes(kind) || name === 'System_Administrator')
    .map((document) =>
      document.kind === 'Object' ? { ...document, enableProcesses: shipped.includes(document.name) } : document,
    )
  const more = Array.from({ length: others }, (_, n) => object(`Tracked${n}__c`, { enableProcesses: true }))
  return compileCatalog([...documents, ...more], 1)
}

const textOf = (catalog: Catalog): string =>
  printSchema(buildSchema({ catalog, permissions: compilePermissions([catalog.permissionSets.get('System_Administrator')!], catalog), features: { manualClock: false } })) // prettier-ignore

test.each([
  ['no object', [], 0, undefined],
  ['one that is shipped', ['Case'], 0, 'CaseRecord'],
  ['one of its own', [], 1, 'Tracked0__cRecord'],
  [
    'seven',
    ['Case', 'WorkOrder'],
    5,
    'CaseOrTracked0__cOrTracked1__cOrTracked2__cOrTracked3__cOrTracked4__cOrWorkOrder',
  ],
] as const)('the schema is valid when processes run on %s', (_, shipped, others, parent) => {
  const { catalog, findings } = tracking(shipped, others)
  expect(findings.filter((finding) => finding.severity === 'error')).toEqual([])
  const schema = parseSchema(textOf(catalog!))
  expect(validateSchema(schema)).toEqual([])
  const { Parent } = (schema.getType('RecordMilestone') as never as { getFields(): { Parent?: { type: object } } }).getFields() // prettier-ignore
  expect(Parent && String(Parent.type)).toBe(parent)
})

test('an object may not take the name of what a polymorphic lookup leads to', () => {
  const lookup: Document = { kind: 'Field', name: 'Task.About__c', label: 'About', type: 'Lookup', referenceTo: ['Account', 'Case__c'] } // prettier-ignore
  const { findings } = compileCatalog([...standard, object('Case__c'), object('AccountOrCase__c'), lookup], 1)
  expect(findings.filter((finding) => finding.severity === 'error')).toMatchObject([
    { code: 'NAME_TAKEN', message: expect.stringContaining('AccountOrCase__c') },
  ])
})
