import type { Instant } from '#util'
import type { Clock } from '../types.ts'

const LONGEST_TIMEOUT = 2_147_483_647

/** The machine's clock plus an offset (ms), read anew at every look so that a sampled offset takes effect at once. */
export function systemClock(offset: () => number = () => 0): Clock {
  const now = (): Instant => Date.now() + offset()
  return {
    now,
    wake(at, callback) {
      let timer: NodeJS.Timeout | undefined
      const arm = (): void => {
        const wait = at - now()
        timer = wait > 0 ? setTimeout(arm, Math.min(wait, LONGEST_TIMEOUT)) : setTimeout(callback, 0)
        timer.unref()
      }
      arm()
      return () => clearTimeout(timer)
    },
  }
}
