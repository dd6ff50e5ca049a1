import type { Catalog } from '../catalog.ts'
import type { ActionDocument, Recipient } from '../documents.ts'
import { fieldAt } from '../formula-scope.ts'
import type { Report } from '../report.ts'
import { actionSlots, targetObject } from './action-slots.ts'
import type { KindEntry } from './kind.ts'
import {
  byName,
  exactlyOne,
  formula,
  list,
  longText,
  namedProperties,
  oneOf,
  record,
  text,
  type Schema,
} from './schema.ts'

const values = byName(formula('The value.'), 'Fields of the new record by API name, each a formula on the record.')

/** One word or one of the objects. */
const wordOr = (words: readonly string[], other: Schema, description: string): Schema => ({
  type: ['string', 'object'],
  description,
  if: { type: 'string' },
  // oxlint-disable-next-line unicorn/no-thenable -- the word of JSON Schema
  then: { enum: [...words] },
  else: other,
})

const recipient = wordOr(
  ['owner', 'creator'],
  exactlyOne(
    record({
      role: text('A role.'),
      group: text('A group or queue.'),
      field: text('An Email field, or a reference to a User, Group or Contact.'),
      address: text('An e-mail address.'),
    }),
    ['role', 'group', 'field', 'address'],
  ),
  'Who gets it.',
)

const PROPERTIES: {
  readonly [type in ActionDocument['type']]: readonly [{ readonly [key: string]: Schema }, readonly string[]]
} = {
  FieldUpdate: [
    {
      on: wordOr(
        ['record', 'milestone'],
        record({ through: text('A reference field of the record.') }, ['through']),
        'What is changed; default the record.',
      ),
      field: text('The field that is set.'),
      formula: formula('Its new value.'),
    },
    ['field', 'formula'],
  ],
  Task: [
    {
      assignTo: wordOr(
        ['owner', 'creator'],
        exactlyOne(
          record({
            field: text('A reference to a User or Group.'),
            user: text('A user name.'),
            group: text('A queue.'),
          }),
          ['field', 'user', 'group'],
        ),
        'Whose task it is; default the owner of the record.',
      ),
      subject: text('Text with merge fields {!Field}.'),
      values,
    },
    ['subject'],
  ],
  EmailAlert: [
    {
      template: text('The name of an e-mail template.'),
      recipients: list(recipient, 'To.', { minItems: 1 }),
      cc: list(recipient, 'Copy.'),
    },
    ['template', 'recipients'],
  ],
  OutboundMessage: [
    {
      url: text('Where it is sent.', { pattern: '^https?://' }),
      secret: text('Signs it, so that the receiver knows it is ours; a long random text.'),
      fields: list(text('A field or path.'), 'What is sent.'),
    },
    ['url'],
  ],
  OwnerChange: [
    {
      to: exactlyOne(
        record({
          user: text('A user name.'),
          group: text('A queue.'),
          formula: formula("A User's or Group's id. Text."),
        }),
        ['user', 'group', 'formula'],
      ),
    },
    ['to'],
  ],
  CreateRecord: [{ create: text('The object of the new record.'), values }, ['create', 'values']],
  FeedPost: [{ body: longText('Text with merge fields {!Field}.') }, ['body']],
  StartMilestone: [{ milestone: text('The name of the Milestone row.') }, ['milestone']],
}
const TYPES = Object.keys(PROPERTIES) as ActionDocument['type'][]

function branch(type: ActionDocument['type']): Schema {
  const [own, required] = PROPERTIES[type]
  const common = {
    ...namedProperties('Action', 'API name.'),
    label: text('What people read.'),
    object: text('The object whose records it acts for.'),
  }
  return record({ ...common, type: { const: type }, ...own }, ['kind', 'name', 'label', 'object', 'type', ...required])
}

/** Its merge fields are those of its own object. */
function checkTemplate(
  document: ActionDocument & { readonly type: 'EmailAlert' },
  catalog: Catalog,
  report: Report,
): void {
  const template = catalog.emailTemplates.get(document.template)
  if (template === undefined || template.object === document.object) return
  report({
    code: 'OTHER_OBJECT',
    path: 'template',
    message: `The e-mail template ${template.name} is made for ${template.object}, and the action acts for ${document.object}.`,
    hint: `Name a template for ${document.object}, or copy this one.`,
  })
}

/** Somewhere an e-mail can go: an address, or a field that holds one or leads to somebody who has one. */
function checkRecipient(recipient: Recipient, object: string, catalog: Catalog, report: Report): void {
  if (typeof recipient === 'string') return
  if ('address' in recipient && !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(recipient.address))
    report({
      code: 'BAD_FORMAT',
      path: 'address',
      message: `“${recipient.address}” is no e-mail address.`,
      hint: 'Write one address, like support@example.com.',
    })
  const field = 'field' in recipient ? fieldAt(catalog, object, recipient.field) : undefined // prettier-ignore
  if (!field || field.storage === 'text' || field.formula) return
  const reached = field.reference?.any || field.reference?.to.some((to) => to === 'Group' || catalog.object(to)?.field('Email')) // prettier-ignore
  if (!reached)
    report({
      code: 'NO_ADDRESS',
      path: 'field',
      message: `${field.label} leads to no e-mail address.`,
      hint: 'Name an Email field, or a lookup to a User, Group or Contact; of a parent, its field: Account__r.Email__c.',
    })
}

export const actionKind: KindEntry<ActionDocument> = {
  kind: 'Action',
  label: 'Action',
  schema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Action',
    type: 'object',
    required: ['type'],
    properties: { type: oneOf(TYPES, 'What the action does.') },
    discriminator: { propertyName: 'type' },
    oneOf: TYPES.map(branch),
  },
  slots: actionSlots,
  check(document, catalog, report) {
    if (document.type === 'OutboundMessage' && !URL.canParse(document.url))
      report({
        code: 'BAD_FORMAT',
        path: 'url',
        message: `${document.url} is no address that a message could be sent to.`,
        hint: 'Write it like https://example.com/hook.',
      })
    if (document.type === 'EmailAlert') {
      checkTemplate(document, catalog, report)
      for (const list of ['recipients', 'cc'] as const)
        for (const [i, recipient] of (document[list] ?? []).entries())
          checkRecipient(recipient, document.object, catalog, (problem) => report({ ...problem, path: `${list}[${i}].${problem.path}` })) // prettier-ignore
    }
    if (document.type === 'CreateRecord' && catalog.object(document.create)?.platform)
      report({
        code: 'PLATFORM_ONLY',
        path: 'create',
        message: `Records of ${document.create} are made by the platform alone.`,
        hint: 'Name another object.',
      })
    if (document.type !== 'FieldUpdate') return
    const object = targetObject(document, catalog)
    if (object === undefined)
      return report({
        code: 'NOT_A_REFERENCE',
        path: 'on.through',
        message: 'The action must know what object it changes, and this is no lookup to one object.',
        hint: 'Name a lookup that points to one object.',
      })
    const field = catalog.object(object)?.field(document.field)
    if (field?.readOnly || (field && !field.custom && catalog.object(object)?.platform))
      report({
        code: 'READ_ONLY',
        path: 'field',
        message: `${object}.${field.name} is kept by the platform; an action can't set it.`,
        hint: 'Name another field.',
      })
  },
}
