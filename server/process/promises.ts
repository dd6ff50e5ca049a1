/** What is true of every state. Repair and the tests ask; the rule-book itself does not. */
import { goalInForce, pausedOpen, pausedSince, pausesUntil, targetWith } from './clock.ts'
import { calendarOf, isOpen } from './step/draft.ts'
import { standing } from './step/fire.ts'
import type { Instance, ProcessCalendar, Rules, State } from './types.ts'

/** One sentence for each thing that is not as it must be. */
export function brokenPromises(rules: Rules, state: State): string[] {
  const open = state.instances.filter((i) => i.run === state.run && isOpen(i)).map((i) => i.milestone)
  const twice = open.filter((name, n) => open.indexOf(name) !== n).map((name) => `${name} is open twice`)
  const keys = state.instances.map((i) => i.key)
  const alike = keys.filter((key, n) => keys.indexOf(key) !== n).map((key) => `two instances are called ${key}`)
  return [...twice, ...alike, ...state.instances.flatMap((i) => ofInstance(rules, state, i))]
}

function ofInstance(rules: Rules, state: State, i: Instance): string[] {
  const calendar = calendarOf(rules, i)
  const facts = i.violations.filter((v) => v.ended === undefined).length
  return [
    ...(i.completion && i.cancelled ? [`${i.key} is completed and cancelled`] : []),
    ...(facts > 1 ? [`${i.key} has ${facts} standing violations`] : []),
    ...(calendar && i.target !== null ? ofTarget(state, i, calendar, i.target) : []),
    ...afterTheEnd(i),
  ]
}

function ofTarget(state: State, i: Instance, calendar: ProcessCalendar, target: number): string[] {
  const late = standing(i) !== undefined
  if (i.completion)
    return late === i.completion.at > target
      ? []
      : [`${i.key}: completed ${i.completion.at}, target ${target}, violated ${late}`]
  if (!isOpen(i)) return []
  const due = targetWith(calendar, i)
  if (due !== target) return [`${i.key}: target ${target} should be ${due}`]
  if (pausedSince(i) !== null) return []
  return [
    ...(late === state.at > target ? [] : [`${i.key}: target ${target}, now ${state.at}, violated ${late}`]),
    ...keepsGoal(i, calendar, target),
  ]
}

/** between(start, target) − pauses = goal. */
function keepsGoal(i: Instance, calendar: ProcessCalendar, target: number): string[] {
  const goal = goalInForce(i)
  if (goal.kind !== 'minutes') return []
  const counted = pausesUntil(i.pauses.filter((p) => p.from <= target), Infinity) // prettier-ignore
  const open = calendar.diff(i.start, target) - pausedOpen(calendar, counted, i.start, target)
  return open === Math.round(goal.minutes * 60_000)
    ? []
    : [`${i.key}: ${open} ms from start to target, the goal is ${goal.minutes} min`]
}

/** No warning or violation step fires once it is done; success only with a completion. */
function afterTheEnd(i: Instance): string[] {
  const end = i.cancelled?.at
  return Object.entries(i.steps).flatMap(([key, step]) =>
    end !== undefined && step.skipped === undefined && step.at > end
      ? [`${i.key}: ${key} fired after it was cancelled`]
      : [],
  )
}
