import type { EmailTemplateDocument } from '../documents.ts'
import { templateSlots, type KindEntry } from './kind.ts'
import { documentSchema, longText, text } from './schema.ts'

export const emailTemplateKind: KindEntry<EmailTemplateDocument> = {
  kind: 'EmailTemplate',
  label: 'E-mail template',
  schema: documentSchema(
    'EmailTemplate',
    'API name.',
    {
      object: text('The object whose fields it names.'),
      subject: text('Text with merge fields {!Field}.'),
      body: longText('Plain text with merge fields {!Field}.'),
      html: longText('The same as HTML; what merge fields put in is escaped.'),
    },
    ['object', 'subject', 'body'],
  ),
  slots: ({ object, subject, body, html }) => [
    { is: 'document', at: ['object'], kind: 'Object', name: object },
    ...templateSlots(['subject'], object, subject),
    ...templateSlots(['body'], object, body),
    ...templateSlots(['html'], object, html ?? ''),
  ],
}
