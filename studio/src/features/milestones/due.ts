import { untrack } from 'svelte'
import { formatDate } from '$lib/fields/shared.ts'
import type { FormatContext } from '$lib/fields/types.ts'
import { serverClock } from '$lib/state/server-clock.svelte.ts'

/** `Mon 9 Mar, 10:00` in the user's zone, with the year when it is not the present one. */
export function wallClock(iso: string, { locale, timeZone }: FormatContext): string {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return ''
  const yearOf = (instant: number) => formatDate(instant, 'en', { timeZone, year: 'numeric' })
  const isThisYear = yearOf(at) === yearOf(untrack(() => serverClock.now))
  return formatDate(at, locale, {
    timeZone,
    ...(isThisYear ? {} : { year: 'numeric' }),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** The exact moment for a tooltip, with the zone's name. */
export function dueWords(iso: string, context: FormatContext): string {
  const zone = formatDate(Date.parse(iso), context.locale, { timeZone: context.timeZone, timeZoneName: 'short' })
    .split(', ')
    .at(-1)
  return `Due ${wallClock(iso, context)} (${zone ?? context.timeZone})`
}
