import { TEXT_FORMATS } from '#util'
import { CLOCK_MEASURES, FIELD_TYPES, NAMED_KINDS, type FieldDocument } from '../documents.ts'
import { splitName } from '../names.ts'
import { checkField } from './field-checks.ts'
import type { KindEntry, Slot } from './kind.ts'
import { byName, documentSchema, flag, formula, kept, list, longText, oneOf, record, text, whole } from './schema.ts'

const VALUE = record(
  {
    value: text('API value, stored in records.', { maxLength: 255 }),
    label: text('What people read; default the value.'),
    active: flag('False: kept in old records, not offered any more.'),
    default: flag('The value of a new record.'),
    closed: flag('On a status field: a record with this value is closed.'),
    color: text('A colour of the studio, e.g. red, amber, green.'),
  },
  ['value'],
)

const VALUE_SET = record(
  {
    restricted: flag('Only these values may be stored; default true.'),
    values: list(VALUE, 'In the order they are offered.', { minItems: 1 }),
    controllingField: text('The picklist or checkbox of the same object that decides what is offered.'),
    dependencies: byName(
      list(text('A value of this picklist.'), 'Offered values.'),
      'Which values each controlling value allows.',
    ),
  },
  ['values'],
  'The values of a picklist.',
)

const FORMER_COLUMN = record(
  {
    column: text('The column.'),
    form: text('How it stores values.'),
    leftAt: text('The instant when the field left it.'),
  },
  ['column', 'form', 'leftAt'],
)

const ROLLUP = record(
  {
    object: text('The child object.'),
    field: text('The child field that is summed; not for count.'),
    through: text("The child's reference to this object."),
    operation: oneOf(['count', 'sum', 'min', 'max'], 'What is computed.'),
    filter: formula('Which children count. Boolean, on the child.'),
  },
  ['object', 'through', 'operation'],
  'RollupSummary: what is computed of which children.',
)

export const fieldKind: KindEntry<FieldDocument> = {
  kind: 'Field',
  label: 'Field',
  schema: documentSchema(
    'Field',
    'Object.Field, e.g. Case.Priority; a custom one ends in __c.',
    {
      label: text('What people read.'),
      type: oneOf(FIELD_TYPES, 'The field type.'),
      formerColumns: kept(list(FORMER_COLUMN, 'Kept by the platform.')),
      calculating: kept(flag('RollupSummary, AutoNumber: its values are being calculated. Kept by the platform.')),
      helpText: longText('Shown beside the field.'),
      required: flag('No record without a value.'),
      unique: flag('No two records with one value.'),
      uniqueWith: text('A field of the same object: no two records with one value of this and one of that.'),
      indexed: flag('Fast to filter and sort by.'),
      indexedWith: text('A field of the same object by which what the index finds is ordered.'),
      readOnly: flag('Set by the platform, never by a caller.'),
      computed: oneOf(
        CLOCK_MEASURES,
        'Number, Percent: what it shows of the clock of its object, while that runs, too.',
      ),
      names: oneOf(NAMED_KINDS, 'Text: the kind of document whose name it holds.'),
      format: oneOf(Object.keys(TEXT_FORMATS), 'Text: what it must be.'),
      personal: flag('User: people may change it of themselves.'),
      trackHistory: flag('Changes are kept as Field History.'),
      length: whole('Text: most characters.', 1, 131_072),
      precision: whole('Number, Currency, Percent: all digits.', 1, 18),
      scale: whole('Number, Currency, Percent: digits after the point.', 0, 17),
      valueSet: VALUE_SET,
      referenceTo: list(
        text('An object, `*` for any, `*tracked` for any with processes.'),
        'Lookup, MasterDetail: where it may point.',
        { minItems: 1, uniqueItems: true },
      ),
      relationshipName: text('The name under which the parent is followed.'),
      childRelationshipName: text('The name of the list on the parent; absent = none.'),
      deleteConstraint: oneOf(['Cascade', 'Restrict', 'SetNull'], 'Lookup: what deleting the parent does.'),
      reparentableMasterDetail: flag('MasterDetail: a record may move to another master; default false.'),
      displayFormat: text('AutoNumber: for example C-{00000000}.', { pattern: '\\{0+\\}' }),
      defaultValue: { type: ['string', 'number', 'boolean', 'null'], description: 'The value of a new record.' },
      defaultFormula: formula('The value of a new record.'),
      stampWhen: formula(
        'DateTime: set to the instant at which this becomes true, blanked when it becomes false. Boolean.',
      ),
      formula: formula('Formula: what the field shows.'),
      formulaType: oneOf(
        ['Text', 'Number', 'Currency', 'Percent', 'Checkbox', 'Date', 'DateTime', 'Time'],
        'Formula: the type of its result.',
      ),
      treatBlanksAs: oneOf(['zero', 'blank'], 'Formula: how blank numbers count.'),
      rollup: ROLLUP,
    },
    ['label', 'type'],
  ),
  slots(document) {
    const [object, field] = splitName(document.name)
    const own: Slot[] = []
    const add = (at: string, source: string | undefined, more: object) =>
      source === undefined || own.push({ is: 'formula', at: [at], object, source, compiled: true, ...more })
    add('formula', document.formula, { into: { object, field } })
    add('defaultFormula', document.defaultFormula, { into: { object, field } })
    add('stampWhen', document.stampWhen, { options: { returnType: 'Boolean' } })
    const { controllingField } = document.valueSet ?? {}
    for (const key of ['uniqueWith', 'indexedWith'] as const)
      if (document[key]) own.push({ is: 'field', at: [key], object, path: document[key] })
    if (controllingField)
      own.push({ is: 'field', at: ['valueSet', 'controllingField'], object, path: controllingField })
    return [...own, ...referenceSlots(document), ...rollupSlots(document)]
  },
  check: checkField,
}

const referenceSlots = (document: FieldDocument): Slot[] =>
  (document.referenceTo ?? []).flatMap((name, i): Slot[] =>
    name.startsWith('*') ? [] : [{ is: 'document', at: ['referenceTo', i], kind: 'Object', name }],
  )

function rollupSlots({ rollup }: FieldDocument): Slot[] {
  if (!rollup) return []
  const { object, through, field, filter } = rollup
  return [
    { is: 'document', at: ['rollup', 'object'], kind: 'Object', name: object },
    { is: 'field', at: ['rollup', 'through'], object, path: through },
    ...(field ? [{ is: 'field', at: ['rollup', 'field'], object, path: field } as const] : []),
    ...(filter
      ? [
          {
            is: 'formula',
            at: ['rollup', 'filter'],
            object,
            source: filter,
            options: { returnType: 'Boolean' },
          } as const,
        ]
      : []),
  ]
}
