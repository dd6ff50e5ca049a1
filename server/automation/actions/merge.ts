import type { FormulaType } from '#formula'
import { displayText } from '#records'
import type { Display, Shown } from '#records'
import type { Value } from '#util'
import { organisationZone } from '../processes/context.ts'
import type { Run } from '../save/draft.ts'
import type { Place } from './formulas.ts'

/** What a merge field `{!Name}` says. */
export type Said = (place: string) => string

const MERGE = /\{![^{}]+\}/g

/** Puts texts in the place of merge fields. */
export const merge = (text: string, said: Said): string => text.replace(MERGE, (place) => said(place))

/** The same in HTML: what is put in is text, never markup. */
export const mergeHtml = (html: string, said: Said): string =>
  merge(html, (place) => said(place).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`))

/** A merge field's value as its reader expects it; a blank gives no text. */
export const readable = ({ formula, field }: Place, value: Value, reader: Display): string =>
  displayText(field ?? resultOf(formula.type, value), value, reader) ?? ''

const SHOWN: { readonly [type in FormulaType]?: Shown['type'] } = { Number: 'Number', Date: 'Date', DateTime: 'DateTime', Time: 'Time' } // prettier-ignore

/** What no field says of itself, its own value says: a number shows the decimals that it has. */
const resultOf = (type: FormulaType, value: Value): Shown => ({
  type: SHOWN[type] ?? 'Text',
  scale: /\.(\d+)/.exec(String(value))?.[1]?.length ?? 0,
})

const word = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** People of the organisation at large. */
export function organisationReader(run: Run): Display {
  const { Locale, Currency } = run.setUp.organization
  return { locale: word(Locale), currency: word(Currency), timeZone: organisationZone(run), saysZone: true }
}

/** The locale and zone of all of them where they have the same, else the organisation's: a message is written once. */
export function readerOf(run: Run, people: readonly { readonly locale?: Value; readonly timeZone?: Value }[]): Display {
  const everybody = organisationReader(run)
  const [one, ...others] = people.map(({ locale, timeZone }) => ({
    locale: word(locale) ?? everybody.locale,
    timeZone: word(timeZone) ?? everybody.timeZone,
  }))
  const same = one && others.every((o) => o.locale === one.locale && o.timeZone === one.timeZone)
  return same ? { ...everybody, ...one } : everybody
}
