/** Completion rules that hold from the start: then the milestone never starts. Found by trying them on a new record that nobody has filled in. */
import { alwaysHolds, conditionsOf, neverBlank, type CompiledFormula, type FieldInfo } from '#formula'
import type { Value } from '#util'
import type { CompiledItem, CompiledProcess } from '../types.ts'
import { combinations, holds } from './combinations.ts'
import type { Environment } from './environment.ts'
import { type Compiler, report } from './formulas.ts'

export function checkHeldBack(c: Compiler, environment: Environment, process: CompiledProcess): void {
  const valuesOf = (path: string): readonly Value[] => initialValues(c, environment, process.document.object, path)
  for (const [n, item] of process.document.milestones.entries())
    for (const rule of process.items.get(item.name)!.completion)
      warn(c, process.items.get(item.name)!, rule, `milestones[${n}].completion`, valuesOf)
}

type ValuesOf = (path: string) => readonly Value[]
type Rule = CompiledItem['completion'][number]

function warn(c: Compiler, item: CompiledItem, { name, when }: Rule, path: string, valuesOf: ValuesOf): void {
  const always = alwaysHolds(when)
  if (!always && !holdsFromStart(item, when, valuesOf)) return
  const number = neverBlank(when)
  const field = number?.label ?? number?.path
  const words = conditionsOf(when).map((condition) => condition.text).join(' and ') // prettier-ignore
  const why = number ? `, because a blank ${field} counts as 0` : ''
  report(
    c,
    'HOLDS_FROM_START',
    path,
    `${item.document.name} of ${c.file} ${always ? 'never starts' : 'does not start on a new record'}: its completion ${name} (${words}) holds already${why}.`,
    number
      ? `Compare ${field} with 0 instead.`
      : 'If that is not meant, ask in the rule for what shows that the work is done.',
    'warning',
  )
}

/** Not where the milestone starts later, by other fields of the rule's own or after other milestones. */
function holdsFromStart({ document, when }: CompiledItem, rule: CompiledFormula, valuesOf: ValuesOf): boolean {
  if (document.after?.length) return false
  const shared = when?.paths.some((path) => rule.paths.includes(path))
  const paths = new Set([...rule.paths, ...(shared ? when!.paths : [])])
  const rows = combinations([...paths], valuesOf)
  return rows.length > 0 && rows.every((row) => holds(rule, row) && (!shared || holds(when!, row)))
}

/** Of a field that somebody or something fills in, what it may well have; of a parent's, nothing too. */
function initialValues(c: Compiler, environment: Environment, object: string, path: string): readonly Value[] {
  const field = c.scope.resolve(path.split('.'))
  const initial = path.includes('.') ? undefined : environment.initial(object, path)
  if (initial !== undefined || !field) return initial === undefined ? [] : [initial]
  return [...likelyValues(field), ...(path.includes('.') ? [null] : [])]
}

export function likelyValues({ type, picklistValues = [] }: FieldInfo): readonly Value[] {
  if (type === 'Picklist') return picklistValues
  if (type === 'MultiselectPicklist') return picklistValues.map((value) => [value])
  return LIKELY[type] ?? []
}

const LIKELY: { readonly [type: string]: readonly Value[] } = {
  Boolean: [false, true],
  Number: [-1, 0, 1],
  Text: ['a', 'b'],
  Date: ['1900-01-01', '2100-01-01'],
  DateTime: ['1900-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'],
}
