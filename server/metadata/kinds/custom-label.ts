import type { CustomLabelDocument } from '../documents.ts'
import type { KindEntry } from './kind.ts'
import { documentSchema, text } from './schema.ts'

export const customLabelKind: KindEntry<CustomLabelDocument> = {
  kind: 'CustomLabel',
  label: 'Custom label',
  schema: documentSchema(
    'CustomLabel',
    'API name; formulas read it as $Label.Name.',
    {
      label: text('What it is called in lists; default its name.'),
      value: text('The text.', { maxLength: 10_000 }),
    },
    ['value'],
  ),
  slots: () => [],
}
