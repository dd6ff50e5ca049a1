import type { EvaluationContext, FormulaCalendar } from '#formula'
import type { Value } from '#util'
import { rateOf } from './currencies.ts'
import { settingOf } from './custom-settings.ts'
import type { SetUp } from './set-up.ts'

/** What formulas ask of the set-up, outside a save. */
export interface FormulaSetUp {
  /** The value of `$Setup.Settings__c.Field__c` for a user. */
  setting(path: string, userId: Value, profileId: Value): Value
  /** The business hours with this id, else the organisation's. */
  hours(id: Value): FormulaCalendar | undefined
  readonly lookup: NonNullable<EvaluationContext['lookup']>
}

export const formulaSetUp = (setUp: SetUp): FormulaSetUp => ({
  setting: (path, userId, profileId) => settingOf(setUp.settings, path, [userId, profileId, setUp.organizationId]),
  hours: (id) => hoursFor(setUp, id),
  lookup: (kind, args) => (kind === 'CURRENCYRATE' ? rateOf(setUp.rates, args[0] ?? null) : undefined),
})

export const hoursFor = (setUp: SetUp, id: Value | undefined): FormulaCalendar | undefined =>
  ((typeof id === 'string' && setUp.hours(id)) || setUp.defaultHours)?.calendar
