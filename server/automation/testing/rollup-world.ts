import { quote } from '#database'
import type { Document, FieldDef } from '#metadata'
import type { Organisation } from './organisation.ts'

const object = (name: string): Document =>
  ({ kind: 'Object', name, label: name, pluralLabel: name, nameField: { label: 'Name', type: 'Text' } }) as Document
export const field = (name: string, type: string, more: object = {}): Document =>
  ({ kind: 'Field', name, label: name, type, ...more }) as Document
export const rollup = (name: string, operation: string, of: string, through: string, more: object = {}): Document =>
  field(name, 'RollupSummary', { rollup: { object: of, through, operation, ...more } })

/** Grandparents, parents and kids: kids are details of a parent, parents have a lookup to a grandparent. */
export const TREE: Document[] = [
  object('G__c'),
  object('P__c'),
  object('K__c'),
  field('P__c.G__c', 'Lookup', { referenceTo: ['G__c'], childRelationshipName: 'Parents__r' }),
  field('K__c.P__c', 'MasterDetail', { referenceTo: ['P__c'], childRelationshipName: 'Kids__r' }),
  field('K__c.Q__c', 'Lookup', { referenceTo: ['P__c'], childRelationshipName: 'Others__r' }),
  field('K__c.A__c', 'Currency'),
  field('K__c.D__c', 'Date'),
  field('K__c.Big__c', 'Formula', { formulaType: 'Checkbox', formula: 'A__c > 5' }),
]

export const ROLLUPS: Document[] = [
  rollup('G__c.Total__c', 'sum', 'P__c', 'G__c', { field: 'Sum__c' }),
  rollup('G__c.Busy__c', 'count', 'P__c', 'G__c', { filter: 'Kids__c > 1' }),
  rollup('P__c.Sum__c', 'sum', 'K__c', 'P__c', { field: 'A__c' }),
  rollup('P__c.Kids__c', 'count', 'K__c', 'P__c'),
  rollup('P__c.Others__c', 'count', 'K__c', 'Q__c', { filter: 'Big__c' }),
  rollup('P__c.Least__c', 'min', 'K__c', 'P__c', { field: 'A__c' }),
  rollup('P__c.Last__c', 'max', 'K__c', 'P__c', { field: 'D__c' }),
]

/** Every roll-up of every record that is not what a plain aggregate over the live children gives; `passes`: the SQL of its filter, over `c`. */
export async function wrongRollups(
  o: Organisation,
  passes: { readonly [field: string]: string } = {},
): Promise<string[]> {
  const catalog = o.engine.catalogs.current()
  const fields = [...catalog.objects.values()].filter((x) => x.custom).flatMap((x) => x.fields.filter((f) => f.rollup))
  const wrong = await Promise.all(fields.map((f) => wrongOf(o, f, passes[f.document!.name] ?? '1 = 1')))
  return wrong.flat()
}

async function wrongOf(o: Organisation, field: FieldDef, passes: string): Promise<string[]> {
  const catalog = o.engine.catalogs.current()
  const { object, through, operation, field: source } = field.rollup!
  const child = catalog.object(object)!
  const parent = catalog.object(field.document!.name.split('.')[0]!)!
  const column = (name: string): string => `c.${quote(child.field(name)!.column!)}`
  const taken = operation === 'count' ? `count(${column('Id')})` : `${operation}(${column(source!)})`
  const fresh = operation === 'sum' ? `coalesce(${taken}, 0)` : taken
  const id = `p.${quote(parent.field('Id')!.column!)}`
  const stored = `p.${quote(field.column!)}`
  const rows = await o.database.all<{ id: string; stored: unknown; fresh: unknown }>(
    `SELECT ${id} AS id, ${stored} AS stored, ${fresh} AS fresh FROM ${quote(parent.table)} p
     LEFT JOIN ${quote(child.table)} c ON ${column(through)} = ${id} AND NOT ${column('IsDeleted')} AND (${passes})
     GROUP BY ${id}, ${stored} HAVING ${stored} IS DISTINCT FROM ${fresh}`,
  )
  return rows.map((row) => `${field.document!.name} of ${row.id} is ${String(row.stored)}, not ${String(row.fresh)}`)
}
