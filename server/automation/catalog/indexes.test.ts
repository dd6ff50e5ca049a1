import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { inspect } from '#database'
import type { Database } from '#database'
import { doctor, metadataLock, takeMetadataLock } from '#records'
import { adoptIndexes, loadCatalog } from '#automation'
import { installShipped } from '../testing/organisation.ts'

const NEW = 'r_o_case_c_account_id'
const OLD = 'i_o_case_c_account_id'

/** As a version made them that gave blank references a place, and timers no due date. */
async function asBefore(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.run(`DROP INDEX "${NEW}"`)
    await tx.run(`CREATE INDEX "${OLD}" ON "o_case" ("c_account_id", "c_created_date", "c_id")`)
    await tx.run(`DROP INDEX "i_o_milestone_timer_c_status"`)
    await tx.run(`CREATE INDEX "i_o_milestone_timer_c_status" ON "o_milestone_timer" ("c_status", "c_id")`)
  })
}

describeDatabases(
  'indexes follow the program',
  (open) => {
    const indexes = async (db: Database) => {
      const shapes = await inspect(db, db.dialect)
      return { cases: [...shapes.get('o_case')!.indexes.keys()], timers: shapes.get('o_milestone_timer')!.indexes }
    }

    test('a start makes, remakes and drops them, two nodes at once too, and lets go of the metadata', async () => {
      const db = await open()
      const catalog = (await loadCatalog(db))!
      await asBefore(db)
      expect((await doctor(db, catalog)).map((f) => f.code)).toEqual(['MISSING_INDEX', 'MISSING_INDEX'])
      await Promise.all([adoptIndexes(db, catalog), adoptIndexes(db, catalog)])
      expect(await doctor(db, catalog)).toEqual([])
      const { cases, timers } = await indexes(db)
      expect(cases).toContain(NEW)
      expect(cases).not.toContain(OLD)
      expect(timers.get('i_o_milestone_timer_c_status')).toEqual(['c_status', 'c_due_date', 'c_id'])
      expect(await metadataLock(db)).toBeUndefined()
    })

    test('while an administrator changes the metadata they stay for the next start', async () => {
      const db = await open()
      const catalog = (await loadCatalog(db))!
      await asBefore(db)
      await db.transaction((tx) => takeMetadataLock(tx, 'somebody', db.clock.now(), 60_000))
      await adoptIndexes(db, catalog)
      expect((await indexes(db)).cases).toContain(OLD)
    })
  },
  installShipped,
)
