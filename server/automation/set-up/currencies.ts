import type { Row, Value } from '#util'

/** What CURRENCYRATE answers, by code in capitals. */
export type CurrencyRates = ReadonlyMap<string, Value>

export const currencyRates = (rows: readonly Row[]): CurrencyRates =>
  new Map(rows.filter((row) => row.IsActive !== false).map((row) => [codeOf(row.IsoCode), row.ConversionRate ?? null]))

/** A code that is not there counts as the organisation's own currency, as in Salesforce: 1. */
export const rateOf = (rates: CurrencyRates, code: Value): Value => rates.get(codeOf(code)) ?? 1

const codeOf = (code: Value | undefined): string => String(code ?? '').toUpperCase()
