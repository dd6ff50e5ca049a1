/** The display companion: labels of picklists, numbers and dates in the caller's language and zone, names of referenced records. */
import type { FieldDef } from '#metadata'
import type { Value } from '#util'
import { literal } from './build.ts'
import type { Build } from './build.ts'
import { mark } from './marks.ts'
import { storageOf } from './operators.ts'
import { printerOf } from './printer.ts'
import type { Run } from './run-values.ts'
import { fieldJson } from './selection.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { Source } from './sources.ts'
import { referenceTargets } from '../access/object-access.ts'
import { displayText } from './display-text.ts'

interface Part {
  readonly key: string
  readonly field: string
}

export function displayJson(build: Build, source: Source, parts: readonly Part[]): string {
  return printerOf(build.dialect).inline(
    parts.map((part) => ({ key: part.key, sql: displayPart(build, source, source.object.field(part.field)!) })),
  )
}

function displayPart(build: Build, source: Source, field: FieldDef): string {
  if (field.reference) return referencedName(build, source, field)
  if (field.type === 'Formula') return formulaDisplay(build, source, field)
  if (storageOf(field) === 'text' && !field.picklist) return fieldJson(build, source, field)
  const shown = (value: Value, context: Run['context']): string | null =>
    field.calculating ? 'Calculating…' : displayText(field, value, context)
  return mark(build, (inputs, run) => shown(inputs[0] ?? null, run.context), [fieldJson(build, source, field)])
}

/** A formula's own mark is finished first, then shown. */
function formulaDisplay(build: Build, source: Source, field: FieldDef): string {
  const at = build.marks.length
  const printed = fieldJson(build, source, field)
  const own = build.marks[at]
  if (!own) return mark(build, (inputs, run) => displayText(field, inputs[0] ?? null, run.context), [printed])
  build.marks[at] = (inputs: readonly Value[], run: Run) => displayText(field, own(inputs, run) ?? null, run.context)
  return printed
}

/** The name of the record, where the caller may read it; its id where not. */
function referencedName(build: Build, source: Source, field: FieldDef): string {
  const column = columnOf(source, field)
  const names = referenceTargets(field, source.object, build.catalog).flatMap((name) => {
    const object = build.catalog.objects.get(name)
    const readable =
      object && build.permissions.object(name).read && build.permissions.object(name).canRead(object.nameField.name)
    if (!readable) return []
    const from = fromObject(build, object)
    from.conditions.unshift(`${idOf(from.source)} = ${column}`)
    return [`when ${literal(object.keyPrefix)} then (select ${columnOf(from.source, object.nameField)} ${from.text()})`]
  })
  return names.length === 0 ? column : `coalesce(case substr(${column}, 1, 3) ${names.join(' ')} end, ${column})`
}
