/** What one field type is to the studio. Adding a type: one file in `types/`, one line in `registry.ts`. */
import type { FieldType } from '#metadata'
import type { FieldInfo } from '../api/metadata.ts'

/** A value in its JSON form (the server's #util values.ts has the table). */
export type FieldValue = unknown

export interface FormatContext {
  readonly timeZone: string
  readonly locale: string
  readonly currency: string
}

/** Which control edits it; `controls.ts` has the component of each. */
export type ControlKind =
  | 'text'
  | 'longText'
  | 'number'
  | 'checkbox'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'picklist'
  | 'multiPicklist'
  | 'lookup'
  | 'geolocation'
  | 'address'
  | 'json'
  | 'none'

/** How it looks in a table cell or on a page. */
export type CellKind =
  'text' | 'number' | 'checkbox' | 'picklist' | 'multiPicklist' | 'lookup' | 'link' | 'dateTime' | 'longText' | 'code'

export type OperatorName =
  | 'eq'
  | 'ne'
  | 'in'
  | 'nin'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'contains'
  | 'startsWith'
  | 'isNull'
  | 'notNull'
  | 'includes'
  | 'excludes'
  | 'relative'

/** What the field drawer asks for besides label, name and help. */
export type OptionName =
  | 'length'
  | 'digits'
  | 'valueSet'
  | 'reference'
  | 'displayFormat'
  | 'formula'
  | 'rollup'
  | 'required'
  | 'unique'
  | 'indexed'
  | 'default'

export type FieldGroup = 'Text' | 'Numbers' | 'Choices' | 'Dates' | 'Relations' | 'Computed' | 'Structured'

export interface FieldTypeEntry {
  readonly type: FieldType
  /** As the type picker shows it, with a line that says what it is for. */
  readonly label: string
  readonly summary: string
  readonly group: FieldGroup
  readonly icon: FieldIcon
  readonly control: ControlKind
  readonly cell: CellKind
  readonly align: 'start' | 'end'
  readonly sortable: boolean
  readonly operators: readonly OperatorName[]
  readonly options: readonly OptionName[]
  /** For cells, titles and export; null and undefined give ''. */
  format(value: FieldValue, field: FieldInfo, context: FormatContext): string
  /** A plain sentence when the value will not do; the server has the last word. */
  validate(value: FieldValue, field: FieldInfo): string | undefined
  /** Reads pasted or imported text; undefined = can't be read. "" is null for every type. */
  fromText(text: string, field: FieldInfo): FieldValue | undefined
}

export type FieldIcon =
  'text' | 'longText' | 'richText' | 'number' | 'currency' | 'percent' | 'checkbox' | 'date' | 'dateTime' | 'time' | 'email' | 'phone' | 'url' | 'picklist' |
  'multiPicklist' | 'lookup' | 'masterDetail' | 'autoNumber' | 'externalId' | 'formula' | 'rollup' | 'geolocation' | 'address' | 'json' | 'file' // prettier-ignore

export const isBlank = (value: FieldValue): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
