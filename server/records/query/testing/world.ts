/** A small world for the tests: every field type, plain, self and polymorphic references, a detail object and one that is read through its parent. */
import { assignIdentities, compileCatalog } from '#metadata'
import type { Catalog, Document, FieldDocument, ObjectDocument } from '#metadata'
import type { Database } from '#database'
import type { Row } from '#util'
import { applyTableSteps, tableSteps } from '../../tables.ts'
import { insertRows } from '../../write/insert.ts'

const object = (name: string, keyPrefix: string, extra: Partial<ObjectDocument> = {}): ObjectDocument => ({
  kind: 'Object', name, label: name, pluralLabel: name, keyPrefix, nameField: { label: 'Name', type: 'Text' }, ...extra,
}) // prettier-ignore
const field = (name: string, type: FieldDocument['type'], extra: Partial<FieldDocument> = {}): FieldDocument => ({
  kind: 'Field', name, label: name, type, ...extra,
}) // prettier-ignore
const values = (...names: string[]): Partial<FieldDocument> => ({
  valueSet: { values: names.map((value) => ({ value, label: `${value}!` })) },
})
const text = { length: 80 }

export const PRIORITIES = ['High', 'Low', 'Medium']
export const TAGS = ['red', 'green', 'blue']

const documents: Document[] = [
  object('User', '005'),
  object('Group', '00G'),
  object('Region__c', 'a01'),
  object('Company__c', 'a02'),
  field('Company__c.Tier__c', 'Picklist', values('Gold', 'Silver')),
  field('Company__c.Revenue__c', 'Currency', { precision: 12, scale: 2 }),
  field('Company__c.Region__c', 'Lookup', { referenceTo: ['Region__c'], childRelationshipName: 'Companies__r' }),
  object('Ticket__c', 'a03'),
  field('Ticket__c.Subject__c', 'Text', text),
  field('Ticket__c.Priority__c', 'Picklist', values(...PRIORITIES)),
  field('Ticket__c.Company__c', 'Lookup', { referenceTo: ['Company__c'], childRelationshipName: 'Tickets__r' }),
  field('Ticket__c.Parent__c', 'Lookup', { referenceTo: ['Ticket__c'], childRelationshipName: 'Subtickets__r' }),
  field('Ticket__c.Amount__c', 'Number', { precision: 18, scale: 4 }),
  field('Ticket__c.Score__c', 'Number', { precision: 5, scale: 1 }),
  field('Ticket__c.Count__c', 'Number', { precision: 9, scale: 0 }),
  field('Ticket__c.Due__c', 'DateTime'),
  field('Ticket__c.Day__c', 'Date'),
  field('Ticket__c.At__c', 'Time'),
  field('Ticket__c.Tags__c', 'MultiselectPicklist', values(...TAGS)),
  field('Ticket__c.Open__c', 'Checkbox'),
  field('Ticket__c.Payload__c', 'JSON'),
  field('Ticket__c.Place__c', 'Geolocation'),
  field('Ticket__c.Long__c', 'LongTextArea', { length: 32000 }),
  field('Ticket__c.Label__c', 'Formula', { formulaType: 'Text', formula: 'Company__r.Name & "/" & Subject__c' }),
  field('Ticket__c.Hot__c', 'Formula', { formulaType: 'Checkbox', formula: 'AND(ISPICKVAL(Priority__c, "High"), Open__c)' }),
  field('Ticket__c.Total__c', 'Formula', { formulaType: 'Number', formula: 'Score__c * 2 + Count__c', precision: 9, scale: 1 }),
  object('Note__c', 'a04'),
  field('Note__c.Ticket__c', 'MasterDetail', { referenceTo: ['Ticket__c'], childRelationshipName: 'Notes__r', required: true }),
  field('Note__c.Body__c', 'Text', text),
  object('Beat', 'a05', { platform: true, accessFrom: 'AboutId' }),
  field('Beat.AboutId', 'Lookup', { referenceTo: ['Ticket__c', 'Company__c'], childRelationshipName: 'Beats__r' }),
  field('Beat.Kind', 'Text', text),
] // prettier-ignore

export function makeCatalog(extra: readonly Document[] = []): Catalog {
  const { catalog, findings } = compileCatalog(assignIdentities([...documents, ...extra]), 1)
  if (!catalog) throw new Error(findings.map((finding) => `${finding.file} ${finding.message}`).join('\n'))
  return catalog
}

export type World = { readonly [object: string]: readonly Row[] }

export async function createTables(database: Database, catalog: Catalog): Promise<void> {
  await database.transaction(async (tx) => applyTableSteps(tx, tableSteps(undefined, catalog)))
}

/** Parents before children. */
export async function fill(database: Database, catalog: Catalog, world: World): Promise<void> {
  await database.transaction(async (tx) => {
    for (const [name, rows] of Object.entries(world))
      if (rows.length > 0) await insertRows(tx, catalog.objects.get(name)!, rows)
  })
}

export async function clear(database: Database, catalog: Catalog): Promise<void> {
  await database.transaction(async (tx) => {
    for (const object of [...catalog.objects.values()].toReversed()) await tx.run(`delete from "${object.table}"`)
  })
}

export const USER = '005000000000000001'
export const OTHER_USER = '005000000000000002'
export const idOf = (prefix: string, n: number): string => `${prefix}${String(n).padStart(15, '0')}`

/** The system fields of a row, with what it is given. */
export function row(object: string, id: string, given: Row): Row {
  const at = '2026-03-01T10:00:00.000Z'
  const owner: Row = object === 'Beat' ? {} : { OwnerId: USER }
  const system = {
    CreatedDate: at,
    CreatedById: USER,
    LastModifiedDate: at,
    LastModifiedById: USER,
    Version: 1,
    IsDeleted: false,
  }
  return { Id: id, Name: id, ...owner, ...system, ...given }
}
