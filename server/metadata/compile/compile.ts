import { hasErrors, type Finding } from '#util'
import type { FormulaOptions } from '#formula'
import type { CompileResult, ValidationRuleDef } from '../catalog.ts'
import type { Document } from '../documents.ts'
import { assignIdentities } from '../identities.ts'
import { splitName } from '../names.ts'
import { documentPath, reporter } from '../report.ts'
import { checkDocuments } from './check.ts'
import { checkIdentities } from './check-identities.ts'
import { checkLimits } from './check-limits.ts'
import { checkNames } from './check-names.ts'
import { makeCatalog, namesOf } from './catalog.ts'
import { defaultOptions, formulaCompiler, type FormulaCompiler } from './formulas.ts'
import { buildObject, linkChildren, partsByObject, type ObjectDraft } from './objects.ts'
import { linkRollups } from './rollups.ts'

/**
 * Compiles documents that have passed `validateDocuments` into a catalog. All findings at once; the catalog is absent when one is an error.
 * Documents without identities get them; `catalog.documents` holds them complete, and that is what the server stores.
 */
export function compileCatalog(documents: readonly Document[], version: number): CompileResult {
  const findings: Finding[] = []
  const complete = assignIdentities(documents)
  const live = complete.filter((d) => d.deletedAt === undefined)
  const objects = buildObjects(live)
  const view = namesOf(objects, live)
  const formulas = formulaCompiler(view, findings)
  linkChildren(objects, findings)
  linkRollups(objects, view)
  for (const object of objects) compileFields(object, formulas, findings)
  for (const object of objects) compileRules(object, live, formulas, findings)
  const warnings: Finding[] = []
  const catalog = makeCatalog(objects, complete, version, warnings)
  checkLimits(live, objects, findings)
  checkNames(live, objects, findings)
  checkDocuments(live, catalog, formulas, findings)
  if (!hasErrors(findings)) checkIdentities(complete, objects, findings)
  const unique = withoutRepeats(findings)
  if (hasErrors(unique)) return { findings: unique }
  warnings.push(...unique)
  return { catalog, findings: unique }
}

function buildObjects(documents: readonly Document[]): ObjectDraft[] {
  const tracked = documents.flatMap((d) => (d.kind === 'Object' && d.enableProcesses ? [d.name] : []))
  return [...partsByObject(documents).values()].map((parts) => buildObject(parts, tracked))
}

function compileFields(object: ObjectDraft, formulas: FormulaCompiler, findings: Finding[]): void {
  for (const field of object.fields) {
    const run = (source: string | undefined, path: string, options: Omit<FormulaOptions, 'scope'>) => {
      if (source === undefined) return undefined
      const { formula, findings: found } = formulas.compile(source, object.name, options)
      for (const f of found) reporter(findings, field.document ?? object.document)({ ...f, path })
      return formula
    }
    if (field.type === 'Formula') field.formula = formulas.ofField(object, field)
    field.stampWhen = run(field.document?.stampWhen, 'stampWhen', { returnType: 'Boolean' })
    field.defaultFormula =
      field === object.nameField
        ? run(object.document.nameField.defaultFormula, 'nameField.defaultFormula', defaultOptions(field))
        : run(field.document?.defaultFormula, 'defaultFormula', defaultOptions(field))
  }
}

function compileRules(
  object: ObjectDraft,
  documents: readonly Document[],
  formulas: FormulaCompiler,
  findings: Finding[],
): void {
  const rules: ValidationRuleDef[] = []
  for (const document of documents) {
    if (document.kind !== 'ValidationRule' || splitName(document.name)[0] !== object.name) continue
    const { formula, findings: found } = formulas.compile(document.errorConditionFormula, object.name, {
      returnType: 'Boolean',
    })
    for (const f of found) reporter(findings, document)({ ...f, path: 'errorConditionFormula' })
    if (formula && document.active !== false) rules.push({ document, condition: formula })
  }
  object.validationRules = rules
  const { closedWhen } = object.document
  if (closedWhen === undefined) return
  const { formula, findings: found } = formulas.compile(closedWhen, object.name, { returnType: 'Boolean' })
  object.closedWhen = formula
  for (const f of found) findings.push({ ...f, file: documentPath('Object', object.name), path: 'closedWhen' })
}

/** One mistake may be met on several ways (a slot and the field it stands in). */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter((f) => {
    const key = [f.file, f.path, f.code, f.message, f.at?.start].join('|')
    return !seen.has(key) && seen.add(key)
  })
}
