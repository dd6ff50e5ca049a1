import { hasErrors, type Finding } from '#util'
import { checkTree, type CheckedTree } from './check.ts'
import { closureOf, pathOf } from './compile.ts'
import { failureFinding } from './failure.ts'
import { filtered, quickAnswer, quickTruth } from './fast/index.ts'
import { Compiled } from './internals.ts'
import { roundTo, Num } from './numbers.ts'
import { parse, type Parsed } from './parser.ts'
import { beginWork } from './work.ts'
import { toValue, type Closure, type Runtime } from './runtime.ts'
import { walk, type Typed, type TypedCall } from './typed.ts'
import { reachedWhenNew } from './when-new.ts'
import type {
  Analysis,
  CompiledFormula,
  EvaluationContext,
  FormulaOptions,
  FormulaResult,
  FormulaType,
} from './types.ts'

/** Everything known of a formula without a record: its type, what it reads, what is wrong with it. Never throws. */
export function analyze(source: string, options: FormulaOptions): Analysis {
  return analysisOf(source, study(source, options))
}

interface Study {
  readonly parsed: Parsed
  readonly tree: CheckedTree
}

export function study(source: string, options: FormulaOptions): Study {
  const parsed = parse(source)
  return { parsed, tree: checkTree(parsed, options) }
}

function analysisOf(source: string, { tree }: Study): Analysis {
  const functions = new Set<string>()
  let deterministic = true
  const see = (node: Typed): void => {
    if (node.kind === 'call' && node.def.group !== 'Operator') functions.add(node.def.name)
    if (node.kind === 'call' && node.def.varying) deterministic = false
    if (node.kind === 'field' && node.field.path.startsWith('$')) deterministic = false
    if (node.kind === 'field' && node.field.moving) {
      functions.add('NOW')
      deterministic = false
    }
  }
  walk(tree.root, see, true)
  const type = tree.root.kind === 'bad' ? undefined : tree.root.type
  return { source, type, findings: tree.findings, references: tree.references, functions, deterministic }
}

export interface Compilation {
  /** Absent when a finding is an error. */
  readonly formula?: CompiledFormula
  readonly findings: readonly Finding[]
}

/** Parses, checks and makes the closure. */
export function compile(source: string, options: FormulaOptions): Compilation {
  const studied = study(source, options)
  const analysis = analysisOf(source, studied)
  if (hasErrors(analysis.findings)) return { findings: analysis.findings }
  const formula = formulaOf(source, studied.tree.root, analysis, options)
  return { formula, findings: analysis.findings }
}

function formulaOf(source: string, root: Typed, analysis: Analysis, options: FormulaOptions): CompiledFormula {
  const type = root.type === 'Null' ? (options.returnType ?? 'Null') : root.type
  const evaluate = evaluator(root, type, options)
  return new Compiled(
    { source, type, analysis, paths: pathsOf(root), pathsWhenNew: pathsOf(root, reachedWhenNew), evaluate },
    { root, options },
  )
}

/** Canonical paths that must stand in the row: those of sub-formulas under their prefix, the sub-formula fields themselves not. */
function pathsOf(root: Typed, reached = (call: TypedCall): readonly Typed[] => call.args): readonly string[] {
  const paths = new Set<string>()
  const visit = (node: Typed, prefix: string): void => {
    if (node.kind === 'call') for (const arg of reached(node)) visit(arg, prefix)
    if (node.kind !== 'field') return
    if (node.sub) visit(node.sub, prefix + (node.field.formulaPrefix ?? ''))
    else paths.add(pathOf(node, prefix))
  }
  visit(root, '')
  return [...paths]
}

const TRUE: FormulaResult = Object.freeze({ ok: true, value: true })
const FALSE: FormulaResult = Object.freeze({ ok: true, value: false })

type Answer = (context: EvaluationContext) => FormulaResult

/** Closures are made at the first evaluation: many formulas of an organization are only checked. Where numbers occur, doubles go first. */
function evaluator(root: Typed, type: FormulaType, options: FormulaOptions): CompiledFormula['evaluate'] {
  if (type === 'Boolean') return truth(() => filtered(quickTruth(root), () => closureOf(root)))
  let answer: Answer | undefined
  const exact = (): Answer => valued(closureOf(root), type, options)
  return (context) => {
    beginWork()
    answer ??= filtered(quickAnswer(root, type, options), exact)
    try {
      return answer(context)
    } catch (error) {
      return { ok: false, finding: failureFinding(error) }
    }
  }
}

function truth(make: () => Closure): Answer {
  let run: Closure | undefined
  return (context) => {
    try {
      beginWork()
      run ??= make()
      return run(context) === true ? TRUE : FALSE
    } catch (error) {
      return { ok: false, finding: failureFinding(error) }
    }
  }
}

const valued =
  (run: Closure, type: FormulaType, options: FormulaOptions): Answer =>
  (context) => ({ ok: true, value: toValue(rounded(run(context), options), type, options.percent) })

/** Salesforce's results carry 28 digits. */
const RESULT_DIGITS = 28

/** To the field's scale, halves away from zero; a percent's scale counts the digits shown. */
export function rounded(value: Runtime, options: FormulaOptions): Runtime {
  if (!(value instanceof Num)) return value
  const result = value.toSignificantDigits(RESULT_DIGITS)
  return options.scale === undefined ? result : roundTo(result, options.scale + (options.percent ? 2 : 0))
}
