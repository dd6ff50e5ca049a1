/** Targets that are none while a field is blank: then the milestone is not evaluated. Found by trying the item on records with and without the field. */
import type { Value } from '#util'
import { goalOf } from '../observe/goals.ts'
import type { CompiledItem, CompiledProcess } from '../types.ts'
import { combinations, holds } from './combinations.ts'
import type { Environment } from './environment.ts'
import { likelyValues } from './held-back.ts'
import { formulasOf, unique } from './items.ts'
import { type Compiler, report } from './formulas.ts'

export function checkBlankTargets(c: Compiler, environment: Environment, process: CompiledProcess): void {
  const mayBeBlank = (path: string): boolean =>
    path.includes('.') || environment.initial(process.document.object, path) === null
  for (const [n, { name }] of process.document.milestones.entries()) {
    const item = process.items.get(name)!
    const read = unique(formulasOf(item.target).flatMap((formula) => formula.paths))
    for (const path of read.filter(mayBeBlank)) if (needs(c, item, path)) warn(c, name, path, `milestones[${n}].target`)
  }
}

/** The item applies without the field too, and only with it has a target. */
function needs(c: Compiler, item: CompiledItem, blank: string): boolean {
  const valuesOf = (path: string): readonly Value[] => filledValues(c, path)
  const rows = combinations(item.keyPaths, valuesOf).filter((row) => hasGoal(item, row))
  return rows.some((row) => {
    const without = { ...row, [blank]: null }
    return (!item.when || holds(item.when, without)) && !hasGoal(item, without)
  })
}

const hasGoal = ({ target }: CompiledItem, record: { readonly [path: string]: Value }): boolean =>
  typeof goalOf(target, { record, prior: record, now: 0 }) !== 'string'

function filledValues(c: Compiler, path: string): readonly Value[] {
  const field = c.scope.resolve(path.split('.'))
  if (!field) return []
  return field.type === 'Number' ? [60] : likelyValues(field)
}

function warn(c: Compiler, name: string, path: string, place: string): void {
  const label = c.scope.resolve(path.split('.'))?.label ?? path
  report(
    c,
    'BLANK_TARGET',
    place,
    `${name} of ${c.file} has no target while ${label} is blank: it is not evaluated then.`,
    'Say in the formula what counts then, or make the field required.',
    'warning',
  )
}
