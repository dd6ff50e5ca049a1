/** One item of a process, compiled. */
import type { CompiledFormula } from '#formula'
import type { MilestoneItem, PauseRule, Target } from '#metadata'
import type { CompiledItem, CompiledPause, CompiledTarget } from '../types.ts'
import { behind } from './behind.ts'
import { canonical, compileSteps, positive } from './steps.ts'
import { type Compiler, compileFormula, report } from './formulas.ts'

const MOMENTARY = ['ISCHANGED', 'PRIORVALUE', 'ISNEW', 'ISCLONE']
const CLOCK = ['NOW', 'TIMENOW', 'TODAY']

export function compileItem(c: Compiler, item: MilestoneItem, path: string): CompiledItem {
  const when = optional(c, `${path}.when`, item.when)
  const target = compileTarget(c, item.target, `${path}.target`)
  return {
    document: item,
    when,
    reset: optional(c, `${path}.resetWhen`, item.resetWhen),
    owner: item.owner === undefined ? undefined : compileFormula(c, `${path}.owner`, item.owner, 'goal', 'Text'),
    target,
    volatile: formulasOf(target).some((f) => CLOCK.some((name) => f.analysis.functions.has(name))),
    pauses: compilePauses(c, item.pauses, `${path}.pauses`, item.name),
    completion: completionRules(c, item, path),
    behind: behind([...(when ? [when] : []), ...formulasOf(target)]),
    keyPaths: unique([...(when?.paths ?? []), ...formulasOf(target).flatMap((f) => f.paths)]),
    steps: compileSteps(c, item, path),
    success: item.successActions ?? [],
  }
}

const optional = (c: Compiler, path: string, source: string | undefined): CompiledFormula | undefined =>
  source === undefined ? undefined : compileFormula(c, path, source, 'criteria')

export const instantOf = (c: Compiler, path: string, source: string | undefined): CompiledFormula | undefined =>
  source === undefined ? undefined : compileFormula(c, path, source, 'criteria', 'DateTime')

export function compilePauses(
  c: Compiler,
  rules: readonly PauseRule[] | undefined,
  path: string,
  prefix: string,
): CompiledPause[] {
  return (rules ?? []).flatMap((rule, n) => {
    const when = compileFormula(c, `${path}[${n}].when`, rule.when, 'criteria')
    return when ? [{ source: `${prefix}/${rule.name}`, reason: rule.reason ?? rule.name, when }] : []
  })
}

/** Rules on the record itself; those on related records are watches. */
function completionRules(c: Compiler, item: MilestoneItem, path: string): CompiledItem['completion'] {
  return (item.completion ?? []).flatMap((rule, n) => {
    if ('object' in rule) return []
    const when = compileFormula(c, `${path}.completion[${n}].when`, rule.when, 'level')
    const at = instantOf(c, `${path}.completion[${n}].at`, rule.at)
    const momentary = when !== undefined && MOMENTARY.some((name) => when.analysis.functions.has(name))
    return when ? [{ name: `rule ${n + 1}`, when, ...(at && { at }), momentary }] : []
  })
}

const NO_TARGET: CompiledTarget = { kind: 'constant', goal: { kind: 'at', at: null, shift: false } }

function compileTarget(c: Compiler, target: Target, path: string): CompiledTarget {
  if ('table' in target) return compileTable(c, target.table, path)
  if ('minutesFormula' in target) {
    const formula = compileFormula(c, `${path}.minutesFormula`, target.minutesFormula, 'goal', 'Number')
    return formula ? { kind: 'minutes', formula } : NO_TARGET
  }
  if ('dateTimeFormula' in target) {
    const formula = compileFormula(c, `${path}.dateTimeFormula`, target.dateTimeFormula, 'goal', 'DateTime')
    return formula ? { kind: 'at', formula, shift: target.shiftOnPause ?? false } : NO_TARGET
  }
  if (!positive(c, target, path)) return NO_TARGET
  const amount = canonical(target)
  return {
    kind: 'constant',
    goal: 'days' in amount ? { kind: 'days', days: amount.days } : { kind: 'minutes', minutes: amount.minutes },
  }
}

function compileTable(c: Compiler, table: Extract<Target, { table: unknown }>['table'], path: string): CompiledTarget {
  if (table.length === 0)
    report(c, 'EMPTY_TABLE', `${path}.table`, 'The decision table has no row.', 'Add a row with a target.')
  const rows = table.map((row, n) => ({
    when: optional(c, `${path}.table[${n}].when`, row.when),
    target: compileTarget(c, row.target, `${path}.table[${n}].target`),
  }))
  return { kind: 'table', rows }
}

/** Every formula of a target, conditions of its table included. */
export function formulasOf(target: CompiledTarget): CompiledFormula[] {
  if (target.kind === 'table')
    return target.rows.flatMap((row) => [...(row.when ? [row.when] : []), ...formulasOf(row.target)])
  return target.kind === 'constant' ? [] : [target.formula]
}

export const unique = (names: readonly string[]): string[] => [...new Set(names)]
