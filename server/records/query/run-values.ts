/** The values of one execution: variables, who and when. Slots are read from it; work that several parameters share is kept in `memo`. */
import type { EvaluationContext, FormulaCalendar } from '#formula'
import { formatInstant } from '#util'
import type { Instant, Row, Value } from '#util'
import type { Slot } from '../query-tree.ts'
import { localDate } from './zone.ts'

/** What formula fields see beside their record. */
export interface FormulaSurroundings {
  /** Values of `$User.…`, `$Organization.…` and `$Setup.…`, by path. */
  readonly globals?: Row
  /** The business hours with this id, else the organisation's. */
  readonly hours?: (id: Value) => FormulaCalendar | undefined
  readonly lookup?: EvaluationContext['lookup']
}

export interface QueryContext extends FormulaSurroundings {
  readonly userId: string
  readonly now: Instant
  /** IANA zone of TODAY, relative dates and date buckets. */
  readonly timeZone: string
  /** For display values; default en-US. */
  readonly locale?: string
  /** Signs cursors; the same on every node. */
  readonly cursorKey: string
}

export type Variables = { readonly [name: string]: unknown }

export interface Run {
  readonly variables: Variables
  readonly context: QueryContext
  readonly memo: Map<unknown, unknown>
}

export const newRun = (variables: Variables, context: QueryContext): Run => ({ variables, context, memo: new Map() })

/** Computed once a run. */
export function memoized<T>(run: Run, key: unknown, make: () => T): T {
  if (!run.memo.has(key)) run.memo.set(key, make())
  return run.memo.get(key) as T
}

export function slotValue(slot: Slot, run: Run): Value {
  if ('constant' in slot) return slot.constant
  if ('context' in slot) return contextValue(slot.context, run.context)
  let value: unknown = run.variables[slot.variable]
  for (const step of slot.path) value = Object(value)[step]
  return (value ?? null) as Value
}

function contextValue(name: 'userId' | 'now' | 'today', context: QueryContext): Value {
  if (name === 'userId') return context.userId
  return name === 'now' ? formatInstant(context.now) : localDate(context.now, context.timeZone)
}
