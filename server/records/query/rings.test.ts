/** A stored catalog whose masters stand in a ring: what has nothing to do with it goes on as ever. */
import { expect, test } from 'vitest'
import type { Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { compilePermissions } from '../access/permissions.ts'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { insertRows } from '../write/insert.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import { createTables, idOf, makeCatalog, row } from './testing/world.ts'

const object = (name: string, keyPrefix: string, extra = {}): Document =>
  ({ kind: 'Object', name, label: name, pluralLabel: name, keyPrefix, nameField: { label: 'Name', type: 'Text' }, ...extra }) as Document // prettier-ignore
const field = (name: string, type: string, referenceTo: string[], childRelationshipName = 'List__r'): Document =>
  ({ kind: 'Field', name, label: name, type, referenceTo, childRelationshipName }) as Document

const catalog = makeCatalog([
  object('Self__c', 'b01'),
  field('Self__c.Up__c', 'MasterDetail', ['Self__c']),
  object('Left__c', 'b02'),
  object('Right__c', 'b03'),
  field('Left__c.Right__c', 'MasterDetail', ['Right__c']),
  field('Right__c.Left__c', 'MasterDetail', ['Left__c']),
  object('Entry', 'b04', { platform: true, accessFrom: 'AboutId' }),
  field('Entry.AboutId', 'Lookup', ['Ticket__c', 'Self__c', 'Left__c'], 'Entries'),
])
const permissions = compilePermissions([{ kind: 'PermissionSet', name: 'All', label: 'All', viewAll: true }], catalog)

describeDatabases('masters in a ring', (open) => {
  test('the log of everything else is read, and their own lists are empty', async () => {
    const database = await open()
    await createTables(database, catalog)
    const [ticket, self] = [idOf('a03', 1), idOf('b01', 1)]
    await database.transaction(async (tx) => {
      await insertRows(tx, catalog.object('Ticket__c')!, [row('Ticket__c', ticket, {})])
      await insertRows(tx, catalog.object('Self__c')!, [row('Self__c', self, { Up__c: self })])
      await insertRows(tx, catalog.object('Entry')!, [row('Beat', idOf('b04', 1), { AboutId: ticket })])
    })
    const context = { userId: '005', now: 0, timeZone: 'UTC', cursorKey: 'k' }
    const count = async (name: string): Promise<unknown> => {
      const select = [{ key: 'count', kind: 'count' as const }]
      const allowed = authorize({ kind: 'aggregate', object: name, groupBy: [], select }, { permissions }, catalog)
      if (!isAuthorized(allowed)) throw new Error(JSON.stringify(allowed))
      return JSON.parse(await runQuery(database, compileQuery(allowed, database.dialect), {}, context))
    }
    expect(await count('Entry')).toEqual([{ count: 1 }])
    for (const name of ['Self__c', 'Left__c', 'Right__c']) expect(await count(name)).toEqual([{ count: 0 }])
  })
})
