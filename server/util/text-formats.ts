/** What some texts must be. Intl knows the names: those that times and numbers are shown with. */

/** An IANA name; an offset such as +05:30 is none, and PostgreSQL would read it the other way round. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && succeeds(() => new Intl.DateTimeFormat('en', { timeZone: name }))
}

/** A language that texts can be written in and, if one is named, a region that there is: `de-DE`, `pt_BR`, `fil`. */
export function isLocale(tag: string): boolean {
  const name = tag.replaceAll('_', '-')
  return succeeds(() => Intl.getCanonicalLocales(name)) && isKnown(new Intl.Locale(name))
}

const isKnown = (locale: Intl.Locale): boolean =>
  Intl.DateTimeFormat.supportedLocalesOf([locale.toString()]).length > 0 &&
  (locale.region === undefined || REGIONS.of(locale.region) !== undefined)

const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

/** `wanted` ends a sentence: “Time Zone must be …”. */
export const TEXT_FORMATS = {
  timeZone: { fits: isTimeZone, wanted: 'the IANA name of a time zone such as Europe/Berlin' },
  locale: { fits: isLocale, wanted: 'a language and perhaps a region, such as en-GB or de' },
} as const

export type TextFormat = keyof typeof TEXT_FORMATS
