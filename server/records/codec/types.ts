import type { SqlValue } from '#database'
import type { FieldDef } from '#metadata'
import type { Value } from '#util'

export type CodecField = Pick<FieldDef, 'storage' | 'column' | 'precision' | 'scale'>

export interface StorageCodec {
  /** Column type for CREATE TABLE. */
  type(field: CodecField): string
  /** PostgreSQL: what a parameter is cast to; default text. */
  readonly cast?: string
  encode(value: Value, field: CodecField): readonly SqlValue[]
  json(field: CodecField, columns: readonly string[]): string
}

/** Beyond this many digits a JavaScript number is not exact: the JSON form is text. */
export const EXACT_DIGITS = 15
