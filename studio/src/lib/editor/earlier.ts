import type { EarlierDocument } from '../api/set-up.ts'

/** The document that a formula is saved in, and under which key. */
export interface Saved {
  readonly kind: 'Field' | 'ValidationRule'
  readonly name: string
  readonly key: 'formula' | 'errorConditionFormula'
}

export interface EarlierFormula {
  readonly at: string
  readonly by: string | undefined
  readonly formula: string
}

type Document = { readonly [key: string]: unknown }

/** Changes that left the formula as it was (a label, a help text) are passed over: it ends with the last of them. */
export function earlierFormulas(
  key: Saved['key'],
  { current, earlier }: { readonly current: Document | null; readonly earlier: readonly EarlierDocument<Document>[] },
): readonly EarlierFormula[] {
  const formulas = earlier.flatMap(({ at, by, document }) => {
    const formula = document[key]
    return typeof formula === 'string' ? [{ at, by, formula }] : []
  })
  return formulas.filter((one, i) => one.formula !== (i === 0 ? current?.[key] : formulas[i - 1]?.formula))
}
