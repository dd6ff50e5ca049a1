/** What each place that takes a formula wants of it: the options under which the server compiles it there. Light: no checker comes with it. */
import type { FormulaOptions, FormulaType } from '#formula'
import type { FieldType } from '#metadata'

export type PlaceOptions = Omit<FormulaOptions, 'scope'>

const RESULTS: { readonly [type in FieldType]?: FormulaType } = {
  Text: 'Text', Number: 'Number', Currency: 'Number', Percent: 'Number', Checkbox: 'Boolean', Date: 'Date', DateTime: 'DateTime', Time: 'Time',
} // prettier-ignore

/** A Formula field of this result. */
export function formulaFieldOptions(
  formulaType: string | null | undefined,
  scale: number | null | undefined,
  blanks: 'zero' | 'blank' | null | undefined,
): PlaceOptions {
  const returnType = RESULTS[(formulaType ?? 'Text') as FieldType] ?? 'Text'
  return {
    returnType,
    percent: formulaType === 'Percent',
    ...(returnType === 'Number' ? { scale: scale ?? 0 } : {}),
    blanks: blanks ?? 'zero',
  }
}

const DEFAULTS: { readonly [type in FieldType]?: FormulaType } = {
  ...RESULTS, LongTextArea: 'Text', RichText: 'Text', Email: 'Text', Phone: 'Text', Url: 'Text', ExternalId: 'Text', Picklist: 'Text', Lookup: 'Text',
} // prettier-ignore

/** A default must give what the field holds; a picklist takes text. */
export function defaultFormulaOptions(type: FieldType, scale: number): PlaceOptions {
  const returnType = DEFAULTS[type]
  return {
    ...(returnType ? { returnType } : {}),
    ...(returnType === 'Number' ? { scale, percent: type === 'Percent' } : {}),
  }
}

export const RULE_OPTIONS: PlaceOptions = { returnType: 'Boolean' }
