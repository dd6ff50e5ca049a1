/** Selection → the pairs of a JSON object, printed from one row. */
import type { FieldDef } from '#metadata'
import { columnNames, columnsJson } from '../codec.ts'
import type { Selected, Selection } from '../query-tree.ts'
import type { Build } from './build.ts'
import { literal } from './build.ts'
import { displayJson } from './display.ts'
import { formulaJson } from './formula-field.ts'
import { childConnection } from './list.ts'
import { printerOf } from './printer.ts'
import type { Pair } from './printer.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { Source } from './sources.ts'

export const selectionPairs = (build: Build, source: Source, select: Selection): Pair[] =>
  select.map((part) => ({ key: part.key, sql: selected(build, source, part) }))

function selected(build: Build, source: Source, part: Selected): string {
  switch (part.kind) {
    case 'field':
      return fieldJson(build, source, source.object.field(part.field)!)
    case 'display':
      return displayJson(build, source, part.parts)
    case 'parent':
      return parentJson(build, source, part)
    case 'children':
      return childConnection(build, source, part.relationship, part.query)
    case 'constant':
      return printerOf(build.dialect).constant(part.value)
  }
}

/** A field's JSON form, to stand directly in a JSON function. */
export function fieldJson(build: Build, source: Source, field: FieldDef): string {
  if (field.storage === 'none') return formulaJson(build, source, field)
  return columnsJson(build.dialect, field, columnNames(field).map((name) => source.column(name))) // prettier-ignore
}

/** A parent is looked up by its id where it is printed: rows that the page leaves out cost nothing, and it stays one statement. */
function parentJson(build: Build, source: Source, part: Extract<Selected, { kind: 'parent' }>): string {
  const field = source.object.parent(part.relationship)!
  const printed = part.types.map((type) => {
    const object = build.catalog.objects.get(type.object)!
    const from = fromObject(build, object)
    from.conditions.unshift(`${idOf(from.source)} = ${columnOf(source, field)}`)
    const pairs = selectionPairs(build, from.source, type.select)
    return { prefix: object.keyPrefix, sql: printerOf(build.dialect).object(pairs, from.text()) }
  })
  if (printed.length === 0) return 'null'
  if (!field.reference!.polymorphic) return printed[0]!.sql
  return `case substr(${columnOf(source, field)}, 1, 3) ${printed.map(({ prefix, sql }) => `when ${literal(prefix)} then ${sql}`).join(' ')} end`
}
