import type { ValidationRuleDocument } from '#metadata'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import type { DocumentChange } from '$lib/api/set-up.ts'
import { Change } from './change.svelte.ts'

export const shortRuleName = (rule: { readonly name: string }): string => rule.name.split('.').at(-1)!

/** A plain sentence when a rule can't be called this. */
function ruleNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!name) return 'Give the rule an API name.'
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*(?:__c)?$/.test(name))
    return 'Use letters, digits and single underscores, beginning with a letter.'
  return taken.some((t) => t.toLowerCase() === name.toLowerCase())
    ? `${name} is taken already. Choose another.`
    : undefined
}

/** A validation rule in the making, or one that is being changed. */
export class RuleForm extends Change {
  name = $state('')
  description = $state('')
  formula = $state('')
  message = $state('')
  field = $state('')
  active = $state(true)
  readonly object: ObjectDetail
  readonly before: ValidationRuleDocument | undefined

  constructor(object: ObjectDetail, before?: ValidationRuleDocument) {
    super(['name', 'description', 'errorConditionFormula', 'errorMessage', 'errorDisplayField'])
    this.object = object
    this.before = before
    if (before) this.#read(before)
  }

  #read(rule: ValidationRuleDocument) {
    this.name = shortRuleName(rule)
    this.description = rule.description ?? ''
    this.formula = rule.errorConditionFormula
    this.message = rule.errorMessage
    this.field = rule.errorDisplayField ?? ''
    this.active = rule.active ?? true
  }

  document(): ValidationRuleDocument {
    const { description: _, errorDisplayField: __, ...kept } = this.before ?? {}
    return {
      ...kept,
      kind: 'ValidationRule',
      name: `${this.object.name}.${this.name}`,
      active: this.active,
      ...(this.description.trim() ? { description: this.description.trim() } : {}),
      errorConditionFormula: this.formula.trim(),
      errorMessage: this.message.trim(),
      ...(this.field ? { errorDisplayField: this.field } : {}),
    }
  }

  get dirty(): boolean {
    return (
      this.formula !== (this.before?.errorConditionFormula ?? '') || this.message !== (this.before?.errorMessage ?? '')
    )
  }

  changes(): readonly DocumentChange[] {
    const document = this.document()
    const renamed = this.before && this.before.name !== document.name ? { renameFrom: this.before.name } : {}
    return [{ kind: 'ValidationRule', name: document.name, document, ...renamed }]
  }

  async review(): Promise<void> {
    const renamed = this.name !== (this.before && shortRuleName(this.before))
    const refused = this.refuse({
      name: renamed ? ruleNameProblem(this.name, this.object.validationRules.map(shortRuleName)) : undefined,
      errorConditionFormula: this.formula.trim() ? undefined : 'Write the formula: the record is refused when it is true.',
      errorMessage: this.message.trim() ? undefined : 'Say what is wrong and what to do: people read this.',
    }) // prettier-ignore
    if (!refused) await this.makePlan(this.changes())
  }
}
