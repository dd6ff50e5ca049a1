import type { FieldDocument } from '#metadata'
import { Change } from './change.svelte.ts'
import { isNumeric } from './field-form.svelte.ts'

type Result = NonNullable<FieldDocument['formulaType']>

/** A formula field that is there already: what it is called and how it is worked out. */
export class FormulaFieldForm extends Change {
  label = $state('')
  help = $state('')
  formula = $state('')
  formulaType = $state('Text')
  formulaScale = $state(2)
  treatBlanksAs = $state<'zero' | 'blank'>('zero')
  readonly before: FieldDocument

  constructor(before: FieldDocument) {
    super(['label', 'helpText', 'formula'])
    this.before = before
    this.label = before.label
    this.help = before.helpText ?? ''
    this.formula = before.formula ?? ''
    this.formulaType = before.formulaType ?? 'Text'
    this.formulaScale = before.scale ?? 2
    this.treatBlanksAs = before.treatBlanksAs ?? 'zero'
  }

  document(): FieldDocument {
    const { helpText: _, precision = 15, scale: __, ...kept } = this.before
    return {
      ...kept,
      label: this.label.trim(),
      ...(this.help.trim() ? { helpText: this.help.trim() } : {}),
      formula: this.formula.trim(),
      formulaType: this.formulaType as Result,
      treatBlanksAs: this.treatBlanksAs,
      ...(isNumeric(this.formulaType) ? { precision, scale: this.formulaScale } : {}),
    }
  }

  get dirty(): boolean {
    return (
      this.label !== this.before.label ||
      this.formula !== (this.before.formula ?? '') ||
      this.help !== (this.before.helpText ?? '') ||
      this.formulaType !== (this.before.formulaType ?? 'Text')
    )
  }

  async review(): Promise<void> {
    const refused = this.refuse({
      label: this.label.trim() ? undefined : 'Give the field a label: what people will read.',
      formula: this.formula.trim() ? undefined : 'Write the formula.',
    })
    if (!refused) await this.makePlan([{ kind: 'Field', name: this.before.name, document: this.document() }])
  }
}
