/** A process document made ready: formulas compiled, steps in canonical form, everything wrong with it told at once. */
import { behind } from './behind.ts'
import type { CompiledFormula } from '#formula'
import type { Catalog, EntitlementProcessDocument } from '#metadata'
import { type Finding, hasErrors } from '#util'
import type { CompiledItem, CompiledProcess, ProcessFormulas, Watch } from '../types.ts'
import { checkDocument } from './checks.ts'
import { checkBlankTargets } from './blank-target.ts'
import { checkConflicts } from './conflicts.ts'
import { checkHeldBack } from './held-back.ts'
import { type Environment, environmentOf } from './environment.ts'
import { type Compiler, compileFormula, report } from './formulas.ts'
import { compileItem, compilePauses, formulasOf, unique } from './items.ts'
import { compileWatches } from './watches.ts'

export interface ProcessCompilation {
  /** Absent when a finding is an error. */
  readonly process?: CompiledProcess
  readonly findings: readonly Finding[]
}

/** Milestones and business hours are data: whether those named exist is for the host to check (`process.milestones`, `process.calendars`). */
export function compileProcess(document: EntitlementProcessDocument, catalog: Catalog): ProcessCompilation {
  return compileIn(environmentOf(catalog), document)
}

export function compileIn(environment: Environment, document: EntitlementProcessDocument): ProcessCompilation {
  const scope = environment.scope(document.object)
  if (!scope) return { findings: [unknownObject(document)] }
  const c: Compiler = { scope, findings: [], file: document.name }
  checkDocument(c, environment, document)
  if (!environment.enabled(document.object))
    report(
      c,
      'NOT_ENABLED',
      'object',
      `Processes are not enabled for ${document.object}.`,
      'Set enableProcesses on the object.',
    )
  const formulas = processFormulas(c, environment, document)
  const items = new Map(document.milestones.map((item, n) => [item.name, compileItem(c, item, `milestones[${n}]`)]))
  const watches = compileWatches(c, environment, document)
  if (hasErrors(c.findings)) return { findings: c.findings }
  const labelOf = (path: string): string => c.scope.resolve(path.split('.'))?.label ?? path
  const { timeZoneField } = document
  const labels = {
    entry: labelOf(formulas.entryField),
    ...(timeZoneField !== undefined && { timeZone: labelOf(timeZoneField) }),
  }
  const process = { ...assemble(document, formulas, items, watches), labels }
  checkConflicts(c, process)
  checkHeldBack(c, environment, process)
  checkBlankTargets(c, environment, process)
  return { process: hasErrors(c.findings) ? undefined : process, findings: c.findings }
}

const unknownObject = (document: EntitlementProcessDocument): Finding => ({
  code: 'UNKNOWN_OBJECT',
  severity: 'error',
  message: `There is no object ${document.object}.`,
  hint: 'Name an object that exists.',
  file: document.name,
  path: 'object',
})

function processFormulas(c: Compiler, environment: Environment, document: EntitlementProcessDocument): ProcessFormulas {
  const { entry, exit } = document
  const entryField = entry && 'dateField' in entry ? entry.dateField : 'CreatedDate'
  if (c.scope.resolve(entryField.split('.'))?.type !== 'DateTime')
    report(
      c,
      'NOT_A_DATETIME',
      'entry.dateField',
      `${document.object}.${entryField} is not a date-time field.`,
      'Name a date-time field.',
    )
  const zone = document.timeZoneField
  if (zone !== undefined && c.scope.resolve(zone.split('.'))?.type !== 'Text')
    report(
      c,
      'NOT_A_TEXT',
      'timeZoneField',
      `${zone} is not a text field.`,
      'Name a text field that holds a time zone such as Europe/London.',
    )
  return {
    entryField,
    entryWhen: entry && 'when' in entry ? compileFormula(c, 'entry.when', entry.when, 'criteria') : undefined,
    exit: exitFormula(c, environment, document, exit?.when),
    pauses: compilePauses(c, document.pauses, 'pauses', 'process'),
  }
}

function exitFormula(
  c: Compiler,
  environment: Environment,
  document: EntitlementProcessDocument,
  when: string | undefined,
): CompiledFormula | undefined {
  if (when !== undefined) return compileFormula(c, 'exit.when', when, 'criteria')
  const closed = environment.closedWhen(document.object)
  if (!closed)
    report(
      c,
      'NO_EXIT',
      'exit',
      `${document.object} does not say when a record is closed, so the process ${document.name} would never end.`,
      'Give exit criteria, or closedWhen on the object.',
    )
  return closed
}

function assemble(
  document: EntitlementProcessDocument,
  formulas: ProcessFormulas,
  items: ReadonlyMap<string, CompiledItem>,
  watches: readonly Watch[],
): Omit<CompiledProcess, 'labels'> {
  const all = [...items.values()]
  const pauses = [...formulas.pauses, ...all.flatMap((i) => i.pauses)].map((p) => p.when)
  const criteria = [formulas.entryWhen, formulas.exit, ...pauses, ...all.flatMap(criteriaOf)].filter(
    (f) => f !== undefined,
  )
  const goals = all.flatMap((i) => [...formulasOf(i.target), ...(i.owner ? [i.owner] : [])])
  const always = all.filter((i) => i.document.recalculateOn === 'always').flatMap((i) => formulasOf(i.target))
  return {
    name: document.name, process: document.process, document, items, watches, formulas,
    milestones: unique(document.milestones.map((i) => i.milestone)),
    paths: unique([...basePaths(document, formulas), ...[...criteria, ...goals].flatMap((f) => f.paths)]),
    pausePaths: unique(pauses.flatMap((f) => f.paths)),
    behind: behind([...criteria, ...goals]),
    functions: new Set([...criteria, ...goals].flatMap((f) => [...f.analysis.functions])),
    usesToday: [...criteria, ...always].some((f) => f.analysis.functions.has('TODAY')),
    calendars: unique([document.businessHours, ...document.milestones.map((i) => i.businessHours)].filter((n) => n !== undefined)),
  } // prettier-ignore
}

const basePaths = (document: EntitlementProcessDocument, formulas: ProcessFormulas): string[] => [
  'OwnerId',
  ...(formulas.entryWhen ? [] : [formulas.entryField, 'SlaStartDate']),
  ...(document.timeZoneField ? [document.timeZoneField] : []),
]

const criteriaOf = (item: CompiledItem): (CompiledFormula | undefined)[] => [
  item.when,
  item.reset,
  ...item.completion.flatMap((r) => [r.when, r.at]),
  ...tableConditions(item),
]

const tableConditions = (item: CompiledItem): CompiledFormula[] =>
  item.target.kind === 'table' ? item.target.rows.flatMap((row) => (row.when ? [row.when] : [])) : []
