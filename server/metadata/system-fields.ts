import type { FieldDocument, ObjectDocument } from './documents.ts'

/** A field that the compiler adds, written as the document an admin could have written. `editable` ones a caller may set. */
export type AddedField = Omit<FieldDocument, 'kind'> & {
  readonly editable?: boolean
  readonly createOnly?: boolean
  readonly storage?: 'id'
}

const user = (name: string, label: string): AddedField => ({
  name, label, type: 'Lookup', referenceTo: ['User'], deleteConstraint: 'Restrict', required: true,
}) // prettier-ignore

/** Before the declared fields. */
export function leadingFields(object: ObjectDocument): AddedField[] {
  const { name = 'Name', label, type, displayFormat, length, unique, defaultFormula } = object.nameField
  return [
    { name: 'Id', label: 'Record ID', type: 'Text', storage: 'id', length: 18, required: true },
    type === 'AutoNumber'
      ? { name, label, type, displayFormat: displayFormat ?? '{00000000}', required: true, unique: true, indexed: true }
      : {
          name,
          label,
          type,
          length: length ?? 255,
          unique,
          defaultFormula,
          required: true,
          indexed: true,
          editable: true,
        },
  ]
}

/** Whose settings a row holds; one row for each. */
const SETUP_OWNER: AddedField = {
  name: 'SetupOwnerId', label: 'Setup Owner', type: 'Lookup', referenceTo: ['Organization', 'Profile', 'User'], deleteConstraint: 'Cascade',
  required: true, unique: true, indexed: true, editable: true, helpText: 'The organisation, profile or user that the settings are for.',
} // prettier-ignore

export const SOURCE_FIELDS = 'SourceFields'

/** Ids of the fields that an object's `quotes` are made of. */
const SOURCES: AddedField = {
  name: SOURCE_FIELDS, label: 'Source Fields', type: 'JSON', helpText: 'The fields whose values stand in this record’s texts. Only people who may read all of them see the texts.',
} // prettier-ignore

/** After the declared and the process fields. */
export function trailingFields(object: ObjectDocument): AddedField[] {
  const owner: AddedField = {
    name: 'OwnerId', label: 'Owner', type: 'Lookup', referenceTo: ['User', 'Group'], deleteConstraint: 'Restrict',
    required: true, indexed: true, editable: true, trackHistory: true, helpText: 'The user or queue that the record belongs to.',
  } // prettier-ignore
  return [
    ...(object.customSettingsType === 'Hierarchy' ? [SETUP_OWNER] : []),
    ...(object.quotes ? [SOURCES] : []),
    ...(object.platform ? [] : [owner]),
    { name: 'CreatedDate', label: 'Created Date', type: 'DateTime', required: true, indexed: !object.platform },
    user('CreatedById', 'Created By'),
    {
      name: 'LastModifiedDate',
      label: 'Last Modified Date',
      type: 'DateTime',
      required: true,
      indexed: !object.platform,
    },
    user('LastModifiedById', 'Last Modified By'),
    {
      name: 'Version',
      label: 'Version',
      type: 'Number',
      precision: 15,
      scale: 0,
      required: true,
      helpText: 'Counts up with every save; send the one you read to be told of a change in between.',
    },
    { name: 'IsDeleted', label: 'Deleted', type: 'Checkbox', required: true },
  ]
}
