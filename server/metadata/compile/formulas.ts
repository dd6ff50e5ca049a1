import type { Finding } from '#util'
import { compile, type CompiledFormula, type FormulaOptions, type FormulaType } from '#formula'
import type { FieldDef, ObjectDef } from '../catalog.ts'
import { formulaTypeOf, resultType } from '../field-types.ts'
import { formulaScope, type FormulaOf, type ObjectsByName } from '../formula-scope.ts'
import { reporter } from '../report.ts'

export interface FormulaCompiler {
  /** The compiled formula of a Formula field, made on first demand; undefined when it is wrong (reported once). */
  readonly ofField: FormulaOf
  /** Compiles any formula that stands on an object; findings carry positions, the caller adds the place. */
  compile(
    source: string,
    object: string,
    options?: Omit<FormulaOptions, 'scope'>,
    fired?: boolean,
  ): { formula?: CompiledFormula; findings: readonly Finding[] }
}

export function formulaCompiler(objects: ObjectsByName, findings: Finding[]): FormulaCompiler {
  const done = new Map<FieldDef, CompiledFormula | undefined>()
  const open: { object: ObjectDef; field: FieldDef }[] = []
  const run: FormulaCompiler['compile'] = (source, object, options = {}, fired = false) =>
    compile(source, { ...options, stored: true, scope: formulaScope(objects, object, ofField, fired) })

  function ofField(object: ObjectDef, field: FieldDef): CompiledFormula | undefined {
    if (done.has(field)) return done.get(field)
    if (!field.document) return undefined
    const from = open.findIndex((o) => o.field === field)
    if (from >= 0) {
      reportCycle(open.slice(from), findings)
      return undefined
    }
    open.push({ object, field })
    const { formula, findings: found } = run(field.document.formula ?? '', object.name, formulaFieldOptions(field))
    open.pop()
    for (const f of found) reporter(findings, field.document)({ ...f, path: 'formula' })
    done.set(field, formula)
    return formula
  }
  return { ofField, compile: run }
}

/** A formula field is worked out for a whole list at once, and where it is read it can't go and search. */
const NOT_IN_A_FIELD = {
  VLOOKUP:
    'VLOOKUP searches other records, so it can’t stand in a formula field. Use it in a validation rule, a default value, a process or an action.',
}

function formulaFieldOptions(field: FieldDef): Omit<FormulaOptions, 'scope'> {
  const type = field.document?.formulaType ?? 'Text'
  const returnType: FormulaType = resultType(type)
  return {
    returnType,
    percent: type === 'Percent',
    ...(returnType === 'Number' && { scale: field.scale }),
    blanks: field.document?.treatBlanksAs ?? 'zero',
    refuse: NOT_IN_A_FIELD,
  }
}

/** The options under which a default formula of a field is compiled. */
export function defaultOptions(field: FieldDef): Omit<FormulaOptions, 'scope'> {
  const type = formulaTypeOf(field)
  return {
    ...(type && { returnType: type === 'Picklist' ? 'Text' : type }),
    ...(type === 'Number' && { scale: field.scale, percent: field.type === 'Percent' }),
  }
}

function reportCycle(ring: readonly { object: ObjectDef; field: FieldDef }[], findings: Finding[]): void {
  const first = ring[0]
  if (!first?.field.document) return
  const names = [...ring, first].map((o) => `${o.object.name}.${o.field.name}`)
  reporter(
    findings,
    first.field.document,
  )({
    code: 'FORMULA_CYCLE',
    path: 'formula',
    message: `This formula needs its own result: ${names.join(' → ')}.`,
    hint: 'Take one of these fields out of the formula of the one before it.',
  })
}
