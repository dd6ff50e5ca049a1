import { expect, test } from 'vitest'
import { durationMs } from './clock.ts'

test.each([
  ['PT1H', 3_600_000],
  ['P1DT2H30M15.5S', 95_415_500],
  ['PT0.25S', 250],
  ['P2D', 172_800_000],
  ['P', undefined],
  ['PT', undefined],
  ['1h', undefined],
  ['-PT1H', undefined],
])('%s', (text, ms) => expect(durationMs(text)).toBe(ms))
