/** Start and stop that can hold together: found by trying every value of the picklists and checkboxes both read. */
import type { CompiledFormula } from '#formula'
import type { Row, Value } from '#util'
import type { CompiledItem, CompiledProcess } from '../types.ts'
import { combinations, holds } from './combinations.ts'
import { type Compiler, report } from './formulas.ts'

export function checkConflicts(c: Compiler, process: CompiledProcess): void {
  const { entryWhen, exit } = process.formulas
  if (entryWhen && exit) tell(c, 'entry.when', `The process ${process.name} is entered and left`, entryWhen, exit)
  for (const [n, item] of process.document.milestones.entries())
    checkItem(c, process.items.get(item.name)!, `milestones[${n}]`)
}

function checkItem(c: Compiler, item: CompiledItem, path: string): void {
  for (const rule of item.completion) {
    if (item.when && !rule.momentary)
      tell(
        c,
        `${path}.completion`,
        `${item.document.name} starts and is completed (${rule.name})`,
        item.when,
        rule.when,
      )
  }
}

/** Only where both read a common field: two unrelated criteria may well hold together, and that is what is meant. */
function tell(c: Compiler, path: string, what: string, start: CompiledFormula, stop: CompiledFormula): void {
  if (!start.paths.some((p) => stop.paths.includes(p))) return
  const both = meet(c, start, stop)
  if (!both) return
  const example = Object.entries(both.example).map(([field, value]) => `${field} = ${JSON.stringify(value)}`).join(', ') // prettier-ignore
  if (both.always)
    report(
      c,
      'STOPS_AS_IT_STARTS',
      path,
      `${what} by the same condition, so it can never run (for example with ${example}).`,
      'Make one of the two conditions exclude the other.',
    )
  else
    report(
      c,
      'START_AND_STOP',
      path,
      `${what} at once with ${example}; then nothing runs.`,
      'If that is not meant, make one of the two conditions exclude the other.',
      'warning',
    )
}

/** A row on which both hold, and whether the stop holds whenever the start does. Undefined: never together, or not to be found out this way. */
function meet(
  c: Compiler,
  start: CompiledFormula,
  stop: CompiledFormula,
): { example: Row; always: boolean } | undefined {
  let example: Row | undefined
  let startAlone = false
  const paths = [...new Set([...start.paths, ...stop.paths])]
  for (const row of combinations(paths, (path) => valuesOf(c, path))) {
    if (!holds(start, row)) continue
    if (holds(stop, row)) example ??= row
    else startAlone = true
  }
  return example && { example, always: !startAlone }
}

/** None when the field is no picklist or checkbox. */
function valuesOf(c: Compiler, path: string): Value[] {
  const field = c.scope.resolve(path.split('.'))
  if (field?.formula) return []
  if (field?.type === 'Boolean') return [false, true]
  return field?.type === 'Picklist' && field.picklistValues ? [...field.picklistValues, null] : []
}
