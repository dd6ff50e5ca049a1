/** Instants as the wall clock of a zone shows them, and back. The browser's own zone plays no part. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timeZone, format)
  }
  return format
}

function wallClockMs(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(instant).map((p) => [p.type, Number(p.value)])) // prettier-ignore
  return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
}

/** `2026-03-09T07:30` of an ISO instant, as `datetime-local` wants it. */
export function toWallClock(iso: string, timeZone: string): string {
  const instant = Date.parse(iso)
  return Number.isNaN(instant) ? '' : new Date(wallClockMs(instant, timeZone)).toISOString().slice(0, 16)
}

/** The instant at which the zone's wall clock shows this; in a gap the time after it, of two the earlier. */
export function fromWallClock(local: string, timeZone: string): string {
  const wanted = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`)
  const day = 86_400_000
  const offsets = [wanted - day, wanted + day].map((at) => wallClockMs(at, timeZone) - at)
  const fits = offsets.map((offset) => wanted - offset).filter((at) => wallClockMs(at, timeZone) === wanted)
  return new Date(fits.length ? Math.min(...fits) : wanted - Math.min(...offsets)).toISOString()
}
