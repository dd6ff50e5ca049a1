import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'

const EVERY_YEAR = { Name: 'Founding', IsRecurrence: true, RecurrenceType: 'RecursYearly', RecurrenceMonthOfYear: 'May', RecurrenceDayOfMonth: 3 } // prettier-ignore

describeDatabases(
  'a holiday',
  (open) => {
    it('that says too little is refused when it is saved, each mistake beside its field; one that is whole is taken', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const save = async (values: Row) => {
        const [result] = await o.engine.save(automationActor('test'), [{ operation: 'create', object: 'Holiday', values }]) // prettier-ignore
        return result!.errors.map((e) => `${e.field}: ${e.message}`)
      }
      expect(await save({ ...EVERY_YEAR, RecurrenceMonthOfYear: null })).toEqual([
        'RecurrenceMonthOfYear: The holiday "Founding" recurs, but the month is missing.',
      ])
      expect(await save({ Name: 'X', IsRecurrence: true })).toEqual([
        'RecurrenceType: The holiday "X" recurs, but it is not said how. Use one of RecursDaily, RecursEveryWeekday, RecursWeekly, RecursMonthly, RecursMonthlyNth, RecursYearly, RecursYearlyNth.',
      ])
      expect(await save({ Name: 'X', IsRecurrence: true, RecurrenceType: 'RecursMonthlyNth', RecurrenceInterval: 2 })).toEqual([
        expect.stringMatching(/^RecurrenceStartDate: /),
        expect.stringMatching(/^RecurrenceInstance: /),
        expect.stringMatching(/^RecurrenceDayOfWeekMask: /),
      ]) // prettier-ignore
      expect(await save({ Name: 'X' })).toEqual([expect.stringMatching(/^ActivityDate: /)])
      const eve = { Name: 'Eve', ActivityDate: '2026-12-24', IsAllDay: false }
      expect(await save(eve)).toEqual([expect.stringMatching(/^StartTimeInMinutes: /)])
      expect(await save({ ...eve, StartTimeInMinutes: 840, EndTimeInMinutes: 600 })).toEqual([expect.stringMatching(/^EndTimeInMinutes: .* ends before it starts/)]) // prettier-ignore
      expect(await save({ ...eve, StartTimeInMinutes: 840 })).toEqual([])
      expect(await save(EVERY_YEAR)).toEqual([])
      const [founding] = await o.rows('Holiday', (h) => h.Name === 'Founding')
      const half = await o.engine.save(automationActor('test'), [
        { operation: 'update', object: 'Holiday', id: String(founding!.Id), values: { RecurrenceDayOfMonth: null } },
      ])
      expect(half).toMatchObject([{ errors: [{ field: 'RecurrenceDayOfMonth', code: 'HOLIDAY' }] }])
    })
  },
  installShipped,
)
