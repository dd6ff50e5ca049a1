/** Compiles the formulas of one process and collects what is wrong with them, each under its JSON path. */
import { compile, type CompiledFormula, type FormulaType, type Scope } from '#formula'
import { hasErrors, type Finding } from '#util'

export interface Compiler {
  readonly scope: Scope
  readonly findings: Finding[]
  readonly file?: string
}

const CHANGE = 'only a completion rule on the record itself may ask what has just changed.'
const CHANGE_REFUSED = {
  ISCHANGED: `ISCHANGED can't be used here: ${CHANGE}`,
  PRIORVALUE: `PRIORVALUE can't be used here: ${CHANGE}`,
  ISNEW: `ISNEW can't be used here: ${CHANGE}`,
  ISCLONE: `ISCLONE can't be used here: ${CHANGE}`,
}
const CLOCK = 'nobody would look at the moment it becomes true. Use TODAY(), or a target and its steps.'
const CLOCK_REFUSED = {
  NOW: `NOW can't be used in criteria: ${CLOCK}`,
  TIMENOW: `TIMENOW can't be used in criteria: ${CLOCK}`,
}

/** criteria: no clock, no change · level: a completion rule on the record · goal: clock allowed, no change. */
export type Use = 'criteria' | 'level' | 'goal'
const REFUSED = { criteria: { ...CLOCK_REFUSED, ...CHANGE_REFUSED }, level: CLOCK_REFUSED, goal: CHANGE_REFUSED }

export function compileFormula(
  c: Compiler,
  path: string,
  source: string,
  use: Use,
  returnType: FormulaType = 'Boolean',
): CompiledFormula | undefined {
  const { formula, findings } = compile(source, { scope: c.scope, returnType, refuse: REFUSED[use], stored: true })
  c.findings.push(...findings.map((f) => ({ ...f, file: c.file, path: f.path ? `${path}.${f.path}` : path })))
  if (!formula || hasErrors(findings)) return undefined
  if (formula.analysis.references.some((r) => r.path.startsWith('$User.'))) dependsOnUser(c, path)
  return hidden(c, path, formula, use) ? undefined : formula
}

/** Timers and set-up changes look at a record as Automation, agents as themselves: what a process promises would depend on who came last. */
function dependsOnUser(c: Compiler, path: string): void {
  report(
    c,
    'DEPENDS_ON_USER',
    path,
    '$User is whoever saves the record, and Automation when a timer is due: the answer changes without a change of the record.',
    "Ask a field of the record instead, such as its owner's.",
    'warning',
  )
}

/** A formula field may hide what the place refuses. */
function hidden(c: Compiler, path: string, formula: CompiledFormula, use: Use): boolean {
  const refused: { readonly [name: string]: string } = REFUSED[use]
  const name = [...formula.analysis.functions].find((f) => refused[f])
  if (!name) return false
  report(
    c,
    'FUNCTION_REFUSED',
    path,
    `A formula field used here reads ${name}. ${refused[name]}`,
    'Use the fields behind it instead.',
  )
  return true
}

export function report(
  c: Compiler,
  code: string,
  path: string,
  message: string,
  hint?: string,
  severity: Finding['severity'] = 'error',
): void {
  c.findings.push({ code, severity, message, hint, file: c.file, path })
}
