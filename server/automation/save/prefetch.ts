import type { CompiledFormula } from '#formula'
import type { ObjectDef } from '#metadata'
import type { Draft, Run } from './draft.ts'
import { evaluationContext } from './formula-context.ts'
import { withLookups } from './lookups.ts'

/** Reads what the formulas of these drafts look up in other records, so that the steps of the save need no waiting. Nothing where none does. */
export async function prefetch(run: Run, drafts: readonly Draft[]): Promise<void> {
  await prefetchFor(run, drafts.flatMap((draft) => searchingOf(draft.object).map((formula) => ({ draft, formula })))) // prettier-ignore
}

export async function prefetchFor(
  run: Run,
  uses: readonly { readonly draft: Draft; readonly formula: CompiledFormula }[],
): Promise<void> {
  const searching = uses.filter(({ formula }) => formula.analysis.functions.has('VLOOKUP'))
  if (searching.length === 0) return
  await withLookups(run, () => {
    for (const { draft, formula } of searching) formula.evaluate(evaluationContext(run, draft))
  })
}

const cache = new WeakMap<ObjectDef, readonly CompiledFormula[]>()

/** Those of a save's own steps: default values, stamps, validation rules. */
function searchingOf(object: ObjectDef): readonly CompiledFormula[] {
  const known = cache.get(object)
  if (known) return known
  const ofFields = object.fields.flatMap((field) => [field.defaultFormula ?? [], field.stampWhen ?? []].flat())
  const all = [...ofFields, ...object.validationRules.map((rule) => rule.condition)]
  const made = all.filter((formula) => formula.analysis.functions.has('VLOOKUP'))
  cache.set(object, made)
  return made
}
