import { expect, it } from 'vitest'
import { quote } from '#database'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import { AUTOMATION_USER_ID } from '../actor.ts'
import { noteActionSources, noteHistorySources } from './note-sources.ts'

describeDatabases(
  'field history from before it said of which field',
  (open) => {
    it('is noted by the name, once; a name that there is no field of stays without', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const id = await o.create('Case', { Subject: 'x', Priority: 'Low' })
      await o.update('Case', id, { Priority: 'High', Status: 'In Progress' })
      const catalog = o.engine.catalogs.current()
      const history = catalog.object('FieldHistory')!
      const column = (name: string): string => quote(history.field(name)!.column!)
      const noted = async () =>
        (await o.rows('FieldHistory')).map((row) => [row.Field, row.SourceFields]).sort((a, b) => String(a[0]).localeCompare(String(b[0]))) // prettier-ignore
      const made = await noted()
      expect(made).toEqual([['Priority', ['Case.Priority']], ['Status', ['Case.Status']]]) // prettier-ignore
      await o.database.transaction((tx) =>
        tx.run(`UPDATE ${quote(history.table)} SET ${column('SourceFields')} = NULL`),
      )
      await noteHistorySources(o.database, catalog)
      expect(await noted()).toEqual(made)
      const gone = `UPDATE ${quote(history.table)} SET ${column('SourceFields')} = NULL, ${column('Field')} = 'Gone__c'`
      await o.database.transaction((tx) => tx.run(gone))
      await noteHistorySources(o.database, catalog)
      expect(await noted()).toEqual([['Gone__c', null], ['Gone__c', null]]) // prettier-ignore
    })

    it('and tasks that actions made, by what they are about', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const WhatId = await o.create('Case', { Subject: 'x', Priority: 'Low' })
      const catalog = o.engine.catalogs.current()
      const [task, about] = [catalog.object('Task')!, catalog.object('Case')!]
      await o.create('Task', { Subject: 'about a case', WhatId })
      await o.create('Task', { Subject: 'about nothing' })
      await o.create('Task', { Subject: 'by hand', WhatId }, 'ana')
      const byActions = `UPDATE ${quote(task.table)} SET ${quote(task.field('CreatedById')!.column!)} = '${AUTOMATION_USER_ID}' WHERE ${quote(task.field('Subject')!.column!)} <> 'by hand'`
      await o.database.transaction((tx) => tx.run(byActions))
      await noteActionSources(o.database, catalog)
      const noted = Object.fromEntries((await o.rows('Task')).map((row) => [row.Subject, row.SourceFields]))
      expect(noted).toMatchObject({ 'about nothing': ['?'], 'by hand': null })
      expect(noted['about a case']).toEqual(expect.arrayContaining(about.fields.map(({ id }) => id)))
    })
  },
  installShipped,
)
