/** Rules on related records. */
import type { EntitlementProcessDocument, MilestoneItem } from '#metadata'
import type { Watch } from '../types.ts'
import type { Environment } from './environment.ts'
import { type Compiler, compileFormula, report } from './formulas.ts'
import { instantOf, unique } from './items.ts'

export function compileWatches(c: Compiler, environment: Environment, document: EntitlementProcessDocument): Watch[] {
  return document.milestones.flatMap((item, n) =>
    (item.completion ?? []).flatMap((rule, k) =>
      'object' in rule ? watch(c, environment, document, item, rule, k, `milestones[${n}].completion[${k}]`) : [],
    ),
  )
}

type RelatedRule = Extract<NonNullable<MilestoneItem['completion']>[number], { object: string }>

function watch(
  c: Compiler,
  environment: Environment,
  document: EntitlementProcessDocument,
  item: MilestoneItem,
  rule: RelatedRule,
  k: number,
  path: string,
): Watch[] {
  const scope = environment.scope(rule.object)
  if (!scope) {
    report(
      c,
      'UNKNOWN_OBJECT',
      `${path}.object`,
      `There is no object ${rule.object}.`,
      'Name an object that refers to this one.',
    )
    return []
  }
  const to = environment.references(rule.object, rule.through)
  if (to === undefined || (to !== 'any' && !to.includes(document.object))) {
    report(
      c,
      'NOT_RELATED',
      `${path}.through`,
      `${rule.object}.${rule.through} is not a reference to ${document.object}.`,
      `Name the field of ${rule.object} that points to ${document.object}.`,
    )
    return []
  }
  const when = compileFormula({ ...c, scope }, `${path}.when`, rule.when, 'criteria')
  const at = instantOf({ ...c, scope }, `${path}.at`, rule.at)
  if (!when) return []
  return [
    {
      item: item.name,
      rule: `rule ${k + 1} on ${rule.object}`,
      object: rule.object,
      through: rule.through,
      when,
      ...(at && { at }),
      paths: unique([...when.paths, ...(at?.paths ?? []), rule.through]),
    },
  ]
}
