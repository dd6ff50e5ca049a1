import { session } from '../state/session.svelte.ts'
import type { FormatContext } from './types.ts'

/** The signed-in user's zone and locale; the currency is the organisation's. Reading it in markup follows the session. */
export function formatContext(): FormatContext {
  const { timeZone, locale } = session.me ?? {}
  return {
    timeZone: timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: localeTag(locale),
    currency: 'USD',
  }
}

/** `en_US`, as Salesforce writes it, is `en-US` to the browser; an unknown one falls back. */
function localeTag(locale: string | undefined): string {
  const tag = (locale || navigator.language).replace('_', '-')
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en-US'
  } catch {
    return 'en-US'
  }
}
