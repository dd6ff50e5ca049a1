/** Warning and violation steps in canonical form: one per kind and offset. */
import type { Amount, MilestoneItem } from '#metadata'
import type { Step } from '../types.ts'
import { type Compiler, report } from './formulas.ts'

const MAX_STEPS = 100
const MAX_TIMES = 1000
/** Repetitions of a step that names no number. */
const DEFAULT_TIMES = 100

export function compileSteps(c: Compiler, item: MilestoneItem, path: string): Step[] {
  const steps = [
    ...(item.warnings ?? []).map((w, n) => warningStep(c, w, `${path}.warnings[${n}]`)),
    ...(item.violations ?? []).map((v, n) => violationStep(c, v, `${path}.violations[${n}]`)),
  ]
  if (steps.length > MAX_STEPS)
    report(
      c,
      'TOO_MANY_STEPS',
      path,
      `${item.name} has ${steps.length} steps; ${MAX_STEPS} are allowed.`,
      'Use a repeating step instead.',
    )
  return merge(steps)
}

function warningStep(c: Compiler, warning: NonNullable<MilestoneItem['warnings']>[number], path: string): Step {
  const before = warning.before
  if ('percent' in before) {
    if (!(before.percent > 0 && before.percent < 100))
      report(
        c,
        'BAD_OFFSET',
        `${path}.before`,
        `A warning at ${before.percent} % before the target makes no sense.`,
        'Give more than 0 and less than 100.',
      )
    return { key: `warning:-${before.percent}%`, kind: 'warning', offset: before, times: 1, actions: warning.actions }
  }
  positive(c, before, `${path}.before`)
  const offset = canonical(before)
  return { key: `warning:-${textOf(offset)}`, kind: 'warning', offset, times: 1, actions: warning.actions }
}

function violationStep(c: Compiler, violation: NonNullable<MilestoneItem['violations']>[number], path: string): Step {
  const offset = canonical(violation.after)
  if (amountOf(offset) < 0)
    report(
      c,
      'BAD_OFFSET',
      `${path}.after`,
      'A violation step cannot come before the target.',
      'Use a warning instead.',
    )
  const every = violation.every && canonical(violation.every)
  if (violation.every) positive(c, violation.every, `${path}.every`, 1)
  const times = every ? (violation.times ?? DEFAULT_TIMES) : 1
  if (times < 1 || times > MAX_TIMES)
    report(c, 'BAD_TIMES', `${path}.times`, `A step may repeat 1 to ${MAX_TIMES} times.`, 'Give a number between.')
  const key = `violation:+${textOf(offset)}${every ? `/${textOf(every)}` : ''}`
  const repeats = every && { every, collapse: violation.missed !== 'each' }
  return { key, kind: 'violation', offset, ...repeats, times, actions: violation.actions }
}

type Offset = { readonly minutes: number } | { readonly days: number }

export function canonical(amount: Amount): Offset {
  if ('businessDays' in amount) return { days: amount.businessDays }
  return { minutes: 'hours' in amount ? amount.hours * 60 : amount.minutes }
}

const amountOf = (offset: Offset): number => ('days' in offset ? offset.days : offset.minutes)
const textOf = (offset: Offset): string => ('days' in offset ? `${offset.days}d` : `${offset.minutes}m`)

export function positive(c: Compiler, amount: Amount, path: string, least = 0): boolean {
  const value = amountOf(canonical(amount))
  const fine =
    Number.isFinite(value) && value > 0 && value >= least && (!('businessDays' in amount) || Number.isInteger(value))
  if (!fine)
    report(
      c,
      'BAD_AMOUNT',
      path,
      `${value} is not an amount of time that can be used here.`,
      least > 0 ? `Give at least ${least} minute.` : 'Give more than 0; business days in whole days.',
    )
  return fine
}

/** Steps of the same kind and offset fire together. */
function merge(steps: readonly Step[]): Step[] {
  const byKey = new Map<string, Step>()
  for (const step of steps) {
    const known = byKey.get(step.key)
    byKey.set(step.key, known ? { ...known, actions: [...known.actions, ...step.actions] } : step)
  }
  return [...byKey.values()]
}
