import type { CompiledFormula } from '#formula'

/**
 * What stands behind the names that formulas use: the texts of labels and the formulas of formula fields. Empty when they read plain fields alone.
 * Another text means that the same record may give another result.
 */
export function behind(formulas: readonly CompiledFormula[]): string {
  const parts = formulas.flatMap(partsOf)
  return parts.length > 0 ? JSON.stringify(parts) : ''
}

const partsOf = ({ analysis }: CompiledFormula): string[] =>
  analysis.references.flatMap(({ path, constant, formula }) => {
    if (constant !== undefined) return [`${path}: ${String(constant)}`]
    return formula ? [formula.source, ...partsOf(formula)] : []
  })
