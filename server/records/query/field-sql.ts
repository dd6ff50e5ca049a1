import type { FieldDef } from '#metadata'
import type { Build } from './build.ts'
import { columnOf } from './sources.ts'
import type { JoinedSource } from './sources.ts'

/** A field's value in its stored form, for comparing, sorting and grouping. */
export function fieldSql(_build: Build, source: JoinedSource, field: FieldDef): string {
  return field.storage === 'geo' ? source.column(`${field.column}_lat`) : columnOf(source, field)
}
