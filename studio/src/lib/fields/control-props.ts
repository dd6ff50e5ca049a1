import type { FieldInfo } from '../api/metadata.ts'

/** What every control gets. It shows `value` and calls `onchange` with the field's JSON form. */
export interface ControlProps {
  readonly id: string
  readonly field: FieldInfo
  readonly value: unknown
  /** The record as it is being edited: dependent picklists look at it. */
  readonly record: { readonly [field: string]: unknown }
  readonly invalid: boolean
  readonly describedBy: string | undefined
  readonly onchange: (value: unknown) => void
  /** A lookup shows this until its record has been read. */
  readonly display?: string | undefined
  readonly timeZone: string
}
