import type { Calendar } from '#business-hours'
import { SvelteMap } from 'svelte/reactivity'
import { serverClock } from '$lib/state/server-clock.svelte.ts'

/** Somebody may change business hours while a page stands open for a day. */
const FRESH_MS = 10 * 60_000

/** Calendars of business hours, each read once and kept; the code that compiles them comes with the first. */
class WorkHours {
  #calendars = new SvelteMap<string, Calendar>()
  #readAt = new Map<string, number>()

  /** As far as it is here; reading it in markup follows its arrival. */
  calendar(id: string | undefined): Calendar | undefined {
    return id === undefined ? undefined : this.#calendars.get(id)
  }

  /** What cannot be read is only not shown: the due time itself comes from the server. */
  async want(id: string): Promise<void> {
    const now = serverClock.peek()
    if (now - (this.#readAt.get(id) ?? -Infinity) < FRESH_MS) return
    this.#readAt.set(id, now)
    try {
      const { readCalendar } = await import('./work-hours-query.ts')
      const calendar = await readCalendar(id)
      if (calendar) this.#calendars.set(id, calendar)
      else this.#calendars.delete(id)
    } catch {
      this.#readAt.delete(id)
    }
  }
}

export const workHours = new WorkHours()
