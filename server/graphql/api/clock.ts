/** `clockAdvance`: only there when the clock is manual, only for admins. */
import { formatInstant } from '#util'
import type { RequestContext } from '../context.ts'
import { forbidden, userError } from '../errors.ts'

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/

/** Milliseconds of `P1DT2H30M15.5S`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const m = DURATION.exec(text)
  if (!m || text.endsWith('P') || text.endsWith('T')) return undefined
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((i) => Number(m[i] ?? 0)) as [number, number, number, number]
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + Number((m[5] ?? '').padEnd(3, '0'))
}

export async function advance(
  args: { by?: string | null; ms?: number | null },
  context: RequestContext,
): Promise<string> {
  if (!context.services.advanceClock || !context.actor.permissions.system.has('manageMetadata'))
    throw forbidden('The clock can’t be moved here.')
  const ms = args.by ? durationMs(args.by) : args.ms
  if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0)
    throw userError(
      'Say how far to move the clock, e.g. by: "PT1H" or ms: 60000. It only moves forward.',
      'BAD_USER_INPUT',
    )
  return formatInstant(await context.services.advanceClock(ms))
}
