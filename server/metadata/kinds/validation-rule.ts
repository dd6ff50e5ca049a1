import type { ValidationRuleDocument } from '../documents.ts'
import { splitName } from '../names.ts'
import type { KindEntry, Slot } from './kind.ts'
import { documentSchema, flag, formula, text } from './schema.ts'

export const validationRuleKind: KindEntry<ValidationRuleDocument> = {
  kind: 'ValidationRule',
  label: 'Validation rule',
  schema: documentSchema(
    'ValidationRule',
    'Object.Rule, e.g. Case.Reason_needed.',
    {
      active: flag('Default true.'),
      errorConditionFormula: formula('True means the record is refused. Boolean.'),
      errorMessage: text('What the user reads.'),
      errorDisplayField: text('The field the message stands beside; absent = the page.'),
    },
    ['errorConditionFormula', 'errorMessage'],
  ),
  slots(document) {
    const [object] = splitName(document.name)
    const condition: Slot = {
      is: 'formula',
      at: ['errorConditionFormula'],
      object,
      source: document.errorConditionFormula,
      compiled: true,
      options: { returnType: 'Boolean' },
    }
    if (document.errorDisplayField === undefined) return [condition]
    return [condition, { is: 'field', at: ['errorDisplayField'], object, path: document.errorDisplayField }]
  },
}
