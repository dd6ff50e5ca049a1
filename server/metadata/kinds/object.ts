import { SYSTEM_PERMISSIONS, type ObjectDocument } from '../documents.ts'
import { isCustom } from '../names.ts'
import type { KindEntry, Path, Slot } from './kind.ts'
import { documentSchema, flag, formula, kept, list, oneOf, record, text, whole } from './schema.ts'

/** In `quotes`: the whole row. */
export const EVERY_FIELD = '*'

const CLOCK = record(
  {
    calendar: text('Text: the version of its business hours.'),
    start: text('DateTime: when it starts.'),
    target: text('DateTime: when the goal is to be reached.'),
    goal: text('Number: minutes from start to target that count.'),
    stopped: list(text('A DateTime field.'), 'With a value in one of them the clock has stopped.', { minItems: 1 }),
    pausedSince: text('DateTime: since when it is paused.'),
    pauses: record(
      {
        object: text('The object of the pauses.'),
        through: text('Its reference to this object.'),
        start: text('DateTime: when a pause starts.'),
        end: text('DateTime: when it ends; blank while it lasts.'),
      },
      ['object', 'through', 'start', 'end'],
      'Where its pauses are.',
    ),
  },
  ['calendar', 'start', 'target', 'goal', 'stopped', 'pausedSince', 'pauses'],
  'The fields that the clock of a row is read from; shipped objects only.',
)

export const objectKind: KindEntry<ObjectDocument> = {
  kind: 'Object',
  label: 'Object',
  schema: documentSchema(
    'Object',
    'API name, e.g. Case; a custom one ends in __c.',
    {
      label: text('What one record is called.'),
      pluralLabel: text('What several are called.'),
      nameField: record(
        {
          name: text('API name; default Name.'),
          label: text('Label of the name field.'),
          type: oneOf(['Text', 'AutoNumber'], 'Typed in, or counted up by the platform.'),
          displayFormat: text('AutoNumber: for example C-{00000000}.', { pattern: '\\{0+\\}' }),
          length: whole('Text: most characters.', 1, 255),
          unique: flag('No two records of one name.'),
          defaultFormula: formula('The name of a new record when none is given.'),
        },
        ['label', 'type'],
        'The field that names a record.',
      ),
      keyPrefix: kept(
        text('Three characters that begin every id. Kept by the platform, which picks them.', {
          pattern: '^[0-9A-Za-z]{3}$',
        }),
      ),
      closedWhen: formula('When a record counts as closed; the default exit of its entitlement processes. Boolean.'),
      enableProcesses: flag('Adds the fields of entitlement processes.'),
      setup: flag('Rows are set-up.'),
      platform: flag('Rows are written by the platform alone.'),
      customSettingsType: oneOf(
        ['Hierarchy', 'List'],
        'Rows hold settings: for the organisation, profiles and users ($Setup), or a plain list.',
      ),
      writePermission: oneOf(SYSTEM_PERMISSIONS, 'What writing rows takes besides the grant on the object.'),
      accessFrom: text('The reference field whose record decides who may read a row.'),
      quotes: list(
        text('A field, or `*` for the whole row.'),
        'Fields made of other fields’ values; whoever may not read those does not see them.',
        { minItems: 1, uniqueItems: true },
      ),
      clock: CLOCK,
      icon: text('A lucide icon name.'),
    },
    ['label', 'pluralLabel', 'nameField'],
  ),
  slots(document): Slot[] {
    const object = document.name
    const fields: Slot[] = document.accessFrom
      ? [{ is: 'field', at: ['accessFrom'], object, path: document.accessFrom }]
      : []
    const closed: Slot[] = document.closedWhen
      ? [
          {
            is: 'formula',
            at: ['closedWhen'],
            object,
            source: document.closedWhen,
            compiled: true,
            options: { returnType: 'Boolean' },
          },
        ]
      : []
    for (const [i, path] of (document.quotes ?? []).entries())
      if (path !== EVERY_FIELD) fields.push({ is: 'field', at: ['quotes', i], object, path })
    fields.push(...clockSlots(document))
    const { defaultFormula, name = 'Name' } = document.nameField
    if (defaultFormula === undefined) return [...fields, ...closed]
    return [
      ...fields,
      ...closed,
      {
        is: 'formula',
        at: ['nameField', 'defaultFormula'],
        object,
        source: defaultFormula,
        compiled: true,
        into: { object, field: name },
      },
    ]
  },
  check(document, catalog, report) {
    const access =
      document.accessFrom === undefined ? undefined : catalog.object(document.name)?.field(document.accessFrom)
    if (access && !access.reference)
      report({
        code: 'NOT_A_REFERENCE',
        path: 'accessFrom',
        message: `${access.name} is no lookup, so it has no record to take access from.`,
        hint: 'Name a Lookup or MasterDetail field.',
      })
    if (document.customSettingsType && (document.platform || document.enableProcesses))
      report({
        code: 'SETTINGS_ONLY',
        path: 'customSettingsType',
        message: 'An object of custom settings has no processes and is not written by the platform.',
        hint: 'Leave `enableProcesses` and `platform` out.',
      })
    if (isCustom(document.name) && document.writePermission)
      report({
        code: 'PLATFORM_ONLY',
        path: 'writePermission',
        message: 'Only rows of shipped objects take a system permission to be written.',
        hint: 'Leave `writePermission` out, and say in permission sets who may write them.',
      })
    if (isCustom(document.name) && document.clock)
      report({
        code: 'PLATFORM_ONLY',
        path: 'clock',
        message: 'Only shipped objects have a clock.',
        hint: 'Leave `clock` out; start a milestone on the record instead.',
      })
    if (isCustom(document.name) && document.platform)
      report({
        code: 'PLATFORM_ONLY',
        path: 'platform',
        message: 'Only shipped objects can be written by the platform alone.',
        hint: 'Leave `platform` out.',
      })
  },
}

function clockSlots({ name, clock }: ObjectDocument): Slot[] {
  if (!clock) return []
  const { stopped, pauses, ...own } = clock
  const field = (at: Path, object: string, path: string): Slot => ({ is: 'field', at: ['clock', ...at], object, path })
  const { object, ...columns } = pauses
  return [
    ...Object.entries(own).map(([key, path]) => field([key], name, path)),
    ...stopped.map((path, i) => field(['stopped', i], name, path)),
    { is: 'document', at: ['clock', 'pauses', 'object'], kind: 'Object', name: object },
    ...Object.entries(columns).map(([key, path]) => field(['pauses', key], object, path)),
  ]
}
