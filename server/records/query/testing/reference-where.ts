import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import type { Where } from '../../query-tree.ts'
import { slotValue } from '../run-values.ts'
import { storageOf } from '../operators.ts'
import { childrenOf, fieldValue, parentOf } from './reference.ts'
import type { Reference } from './reference.ts'
import { compareValues } from './reference-values.ts'

export function holds(world: Reference, object: ObjectDef, row: Row, where: Where): boolean {
  switch (where.kind) {
    case 'and':
      return where.of.every((each) => holds(world, object, row, each))
    case 'or':
      return where.of.some((each) => holds(world, object, row, each))
    case 'not':
      return !holds(world, object, row, where.of)
    case 'compare': {
      const field = object.field(where.field)!
      return compare(world, { ...field, storage: storageOf(field) }, fieldValue(world, object, row, where.field), where)
    }
    case 'parent': {
      const parent = parentOf(world, object.parent(where.relationship)!, row)
      return (
        parent !== undefined &&
        (!where.object || parent.object.name === where.object) &&
        holds(world, parent.object, parent.row, where.where)
      )
    }
    case 'children': {
      const below = childrenOf(world, object, row, where.relationship)
      const fits = (each: Row): boolean => holds(world, below.object, each, where.where)
      return where.quantifier === 'some'
        ? below.rows.some(fits)
        : where.quantifier === 'every'
          ? below.rows.every(fits)
          : !below.rows.some(fits)
    }
  }
}

function compare(world: Reference, field: FieldDef, value: Value, where: Extract<Where, { kind: 'compare' }>): boolean {
  const given = slotValue(where.value, world.run)
  const equal = (a: Value, b: Value): boolean => (blank(a) || blank(b) ? blank(a) && blank(b) : same(field, a, b))
  switch (where.operator) {
    case 'eq':
      return equal(value, given)
    case 'ne':
      return !equal(value, given)
    case 'in':
      return (given as Value[]).some((each) => equal(value, each))
    case 'nin':
      return !(given as Value[]).some((each) => equal(value, each))
    case 'isNull':
      return (value === null) === given
    case 'includes':
      return includes(value, given)
    case 'excludes':
      return !includes(value, given)
    case 'like':
    case 'contains':
    case 'startsWith':
      return value !== null && !blank(given) && alike(where.operator, String(given), String(value))
    default:
      return value !== null && !blank(given) && ordered(where.operator, compareValues(field, value, given))
  }
}

const blank = (value: Value): boolean => value === null || value === ''
const same = (field: FieldDef, a: Value, b: Value): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? [...a].sort().join(';') === [...new Set(b)].sort().join(';')
    : compareValues(field, a, b) === 0

function ordered(operator: string, order: number): boolean {
  if (operator === 'lt') return order < 0
  if (operator === 'lte') return order <= 0
  return operator === 'gt' ? order > 0 : order >= 0
}

const includes = (value: Value, groups: Value): boolean =>
  (groups as string[]).some((group) => group.split(';').every((each) => Array.isArray(value) && value.includes(each)))

/** Whether a text fits a pattern, by a regular expression that disregards letter case. */
export function alike(operator: 'like' | 'contains' | 'startsWith', pattern: string, text: string): boolean {
  const source = operator === 'like' ? wildcards(pattern) : [...pattern].map(escape).join('')
  const ends = { like: [`^`, `$`], contains: ['', ''], startsWith: ['^', ''] }[operator]
  return new RegExp(ends.join(`(?:${source})`), 'iu').test(text)
}

/** `%`, `_` and `\` of a pattern as a regular expression. */
function wildcards(text: string): string {
  let source = ''
  const characters = [...text]
  for (let i = 0; i < characters.length; i++) {
    const char = characters[i]!
    if (char === '\\') source += escape(characters[++i] ?? '\\')
    else source += char === '%' ? '[^]*' : char === '_' ? '[^]' : escape(char)
  }
  return source
}

/** A letter of ASCII is like no letter beyond it. */
const escape = (char: string): string =>
  `(?${char <= '\x7f' ? '=' : '!'}(?-i:[\\0-\\x7f]))\\u{${char.codePointAt(0)!.toString(16)}}`
