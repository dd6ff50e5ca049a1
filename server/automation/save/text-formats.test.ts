import { beforeAll, expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'

const WRONG = {
  TimeZone: ['Mars/Base', 'Time Zone must be the IANA name of a time zone such as Europe/Berlin.'],
  Locale: ['klingon', 'Locale must be a language and perhaps a region, such as en-GB or de.'],
} as const

describeDatabases(
  'time zones and locales',
  (open) => {
    let o: Organisation
    let last = 0
    beforeAll(async () => {
      o = await openOrganisation(open.keep, '2026-03-04T17:00:00Z')
    })
    const errors = async (request: SaveRequest) =>
      (await o.engine.save(automationActor('test'), [request]))[0]!.errors.map((e) => [e.field, e.message])
    const person = (more: Row): Row => {
      const name = `zoe${++last}@example.com`
      return { Username: name, Email: name, LastName: 'Zoe', IsActive: true, ...more }
    }
    const idOf = async (object: string) => String((await o.rows(object))[0]!.Id)

    it.each([
      ['User', 'TimeZone'],
      ['User', 'Locale'],
      ['Account', 'TimeZone'],
      ['Organization', 'TimeZone'],
      ['Organization', 'Locale'],
      ['BusinessHours', 'TimeZone'],
    ] as const)(
      '%s.%s that is not known is refused, made and changed; a known one and none are taken',
      async (object, field) => {
        const [value, message] = WRONG[field]
        const others = object === 'User' ? person({}) : { Name: 'New', ...(object === 'BusinessHours' ? { Always24x7: true } : {}) } // prettier-ignore
        expect(await errors({ operation: 'create', object, values: { ...others, [field]: value } })).toContainEqual([field, message]) // prettier-ignore
        const id = await idOf(object)
        const update = (to: string | null): SaveRequest => ({
          operation: 'update',
          object,
          id,
          values: { [field]: to },
        })
        expect(await errors(update(value))).toEqual([[field, message]])
        expect(await errors(update(field === 'TimeZone' ? 'Europe/Berlin' : 'de-DE'))).toEqual([])
        if (!o.engine.catalogs.current().object(object)!.field(field)!.required)
          expect(await errors(update(null))).toEqual([])
      },
    )

    it('of an upsert are looked at as well', async () => {
      const by = { field: 'Username', value: 'ana@example.com' }
      expect(await errors({ operation: 'upsert', object: 'User', by, values: { TimeZone: '+05:30' } })).toEqual([['TimeZone', WRONG.TimeZone[1]]]) // prettier-ignore
    })

    it('of a new user are the organisation’s where none is given', async () => {
      await o.update('Organization', await idOf('Organization'), { TimeZone: 'Asia/Kolkata', Locale: 'en-IN' })
      const id = await o.create('User', person({}))
      expect(await o.read(id)).toMatchObject({ TimeZone: 'Asia/Kolkata', Locale: 'en-IN' })
      const other = await o.create('User', person({ TimeZone: 'Europe/Paris' }))
      expect(await o.read(other)).toMatchObject({ TimeZone: 'Europe/Paris', Locale: 'en-IN' })
    })
  },
  installShipped,
)
