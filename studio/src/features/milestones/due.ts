import { formatDate } from '$lib/fields/shared.ts'
import type { FormatContext } from '$lib/fields/types.ts'

/** `Mon 9 Mar, 10:00` in the user's zone: the weekday matters more than the year. */
export function wallClock(iso: string, { locale, timeZone }: FormatContext): string {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return ''
  return formatDate(at, locale, {
    timeZone,
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
