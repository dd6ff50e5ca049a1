import type { WayIn } from '$lib/api/account.ts'
import { formatContext } from '$lib/fields/format-context.ts'
import { formatDate } from '$lib/fields/shared.ts'

/** `Mon, Mar 9, 10:00 AM` in the user's zone; with the year when it is not this one. */
export function until(iso: string): string {
  const { locale, timeZone } = formatContext()
  const at = Date.parse(iso)
  const year = new Date(at).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  return formatDate(at, locale, { timeZone, weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', ...year }) // prettier-ignore
}

/** How somebody gets in, and what the last link is worth. */
export function wayInWords({ hasPassword, link }: WayIn): string {
  const password = hasPassword ? 'Has a password.' : 'Has no password yet, so can’t sign in.'
  if (!link) return password
  const what = link.kind === 'invitation' ? 'invitation' : 'link'
  const when = `The last ${what} was made on ${until(link.createdAt)}`
  if (link.problem === null) return `${password} ${when} and is good until ${until(link.expiresAt)}.`
  return `${password} ${when} and ${link.problem === 'LINK_USED' ? 'was used' : 'has run out'}.`
}
