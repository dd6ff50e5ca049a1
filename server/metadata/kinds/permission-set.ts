import { SYSTEM_PERMISSIONS, type PermissionSetDocument } from '../documents.ts'
import type { KindEntry, Slot } from './kind.ts'
import { byName, documentSchema, flag, list, oneOf, record, text } from './schema.ts'

const grant = record(
  {
    create: flag('May make records.'),
    read: flag('May read records.'),
    edit: flag('May change records.'),
    delete: flag('May delete records.'),
    fields: byName(
      oneOf(['read', 'edit', 'none'], 'edit implies read; none denies, whatever other sets grant.'),
      'By field; one not named is not granted.',
    ),
  },
  [],
  'What may be done with the object.',
)

export const permissionSetKind: KindEntry<PermissionSetDocument> = {
  kind: 'PermissionSet',
  label: 'Permission set',
  schema: documentSchema(
    'PermissionSet',
    'API name.',
    {
      label: text('What people read.'),
      system: list(
        oneOf(SYSTEM_PERMISSIONS, 'A permission that concerns no object.'),
        'Permissions that concern no object.',
        { uniqueItems: true },
      ),
      modifyAll: flag('Reads and edits everything, also what is made later.'),
      viewAll: flag('Reads everything, also what is made later.'),
      objects: byName(grant, 'By object.'),
    },
    ['label'],
  ),
  slots: (document) =>
    Object.entries(document.objects ?? {}).flatMap(([object, { fields = {} }]): Slot[] => [
      { is: 'document', at: ['objects', object], key: true, kind: 'Object', name: object },
      ...Object.keys(fields).map((path): Slot => ({
        is: 'field',
        at: ['objects', object, 'fields', path],
        key: true,
        object,
        path,
      })),
    ]),
  check(document, _catalog, report) {
    for (const [object, { create, edit, delete: remove, read }] of Object.entries(document.objects ?? {}))
      if ((create || edit || remove) && read === false)
        report({
          code: 'GRANT_WITHOUT_READ',
          path: `objects.${object}`,
          message: `${document.name} lets people change ${object} but not read it.`,
          hint: 'Set `read`, or take the other grants away.',
        })
  },
}
