import { compileCalendar } from '#business-hours'
import type { BusinessHoursDefinition, Calendar } from '#business-hours'
import { placeholders } from '#database'
import type { Transaction } from '#database'
import type { DialectReader } from '#records'
import { formatInstant } from '#util'
import type { Instant } from '#util'
import { keepIntervals, spanAround } from './open-intervals.ts'

/** Every version of every calendar that was ever in force, each compiled when it is first asked for. */
export interface CalendarVersions {
  /** The machine's time zone rules; an instant computed under other ones may be another. */
  readonly tzdata: string
  get(version: string): Calendar | undefined
  /** Compiled here; stored with the next transaction that keeps. */
  add(calendar: Calendar): void
  /** Reads what other nodes and earlier lives have stored. */
  load(reader: DialectReader): Promise<void>
  /** Stores what is not stored yet. */
  keep(tx: Transaction, now: Instant): Promise<void>
}

interface StoredVersion {
  readonly version: string
  readonly time_zone: string
  readonly tzdata: string
  readonly definition: string
}

export function calendarVersions(tzdata: string): CalendarVersions {
  const compiled = new Map<string, Calendar>()
  const known = new Map<string, StoredVersion>()
  const fresh = new Set<Calendar>()
  return {
    tzdata,
    get: (version) => {
      const ready = compiled.get(version)
      if (ready) return ready
      const made = compileStored(known.get(version))
      if (made) compiled.set(version, made)
      return made
    },
    add: (calendar) => {
      if (compiled.has(calendar.version)) return
      compiled.set(calendar.version, calendar)
      if (!known.has(calendar.version)) fresh.add(calendar)
    },
    load: async (reader) => {
      const rows = await reader.all<StoredVersion & { [column: string]: string }>(
        'SELECT version, time_zone, tzdata, definition FROM calendar_version',
      )
      for (const row of rows) known.set(row.version, row)
    },
    keep: async (tx, now) => {
      if (fresh.size === 0) return
      const kept = [...fresh]
      for (const calendar of kept) known.set(calendar.version, await store(tx, calendar, now))
      tx.afterCommit(() => kept.forEach((calendar) => fresh.delete(calendar)))
    },
  }
}

function compileStored(stored: StoredVersion | undefined): Calendar | undefined {
  if (!stored) return undefined
  const definition = JSON.parse(stored.definition) as BusinessHoursDefinition
  return compileCalendar(definition, { timeZone: stored.time_zone, tzdata: stored.tzdata }).calendar
}

async function store(tx: Transaction, calendar: Calendar, now: Instant): Promise<StoredVersion> {
  const { version, name, timeZone, definition } = calendar
  const row = {
    version,
    time_zone: timeZone,
    tzdata: calendar.tzdata ?? 'unknown',
    definition: JSON.stringify(definition),
  }
  await tx.run(
    `INSERT INTO calendar_version (version, name, time_zone, tzdata, definition, created_at) VALUES (${placeholders(tx.dialect, 6)}) ON CONFLICT (version) DO NOTHING`,
    [version, name, row.time_zone, row.tzdata, row.definition, formatInstant(now)],
  )
  await keepIntervals(tx, calendar, spanAround(now))
  return row
}
