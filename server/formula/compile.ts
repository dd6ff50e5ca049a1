import { placed } from './failure.ts'
import type { Build } from './functions/define.ts'
import { ZERO } from './numbers.ts'
import { HUNDRED } from './numbers.ts'
import { READERS, type Closure } from './runtime.ts'
import type { Typed, TypedField } from './typed.ts'
import type { Num } from './numbers.ts'

/** Exact closures of a typed tree. `prefix` is where a sub-formula's own paths stand, e.g. `Account.`. */
export function closureOf(root: Typed, prefix = ''): Closure {
  return builder(prefix)(root)
}

function builder(prefix: string): Build {
  const build = (node: Typed): Closure => {
    if (node.kind === 'literal') return constant(node.value)
    if (node.kind === 'field')
      return node.sub ? subClosure(node, node.sub, prefix) : fieldClosure(node, pathOf(node, prefix))
    return node.kind === 'call' ? node.def.closure(node, self) : constant(null)
  }
  const self: Build = Object.assign(build, { path: (field: TypedField) => pathOf(field, prefix) })
  return self
}

/** Globals such as `$User.Id` stand under their own name wherever they are read from. */
export const pathOf = (node: TypedField, prefix: string): string =>
  node.field.path.startsWith('$') ? node.field.path : prefix + node.field.path

const constant =
  (value: ReturnType<Closure>): Closure =>
  () =>
    value

function fieldClosure(node: TypedField, path: string): Closure {
  if (node.type === 'Boolean') return (c) => c.record[path] === true
  if (node.type === 'Text' || node.type === 'Picklist') return textClosure(node, path)
  const read = READERS[node.type]
  const blank = node.zero ? ZERO : null
  const { percent } = node.field
  return (c) => {
    const value = c.record[path]
    if (value === null || value === undefined || value === '') return blank
    try {
      const result = read(value)
      return percent && result !== null ? (result as Num).div(HUNDRED) : result
    } catch (error) {
      throw placed(error, node.at)
    }
  }
}

function textClosure(node: TypedField, path: string): Closure {
  const read = READERS[node.type]
  return (c) => {
    const value = c.record[path]
    if (typeof value === 'string') return value || null
    return value === null || value === undefined ? null : read(value)
  }
}

/** A formula field read by a formula: worked out raw, unrounded; its blank Boolean is false, its blank number 0 where blanks are zeroes. */
function subClosure(node: TypedField, sub: Typed, prefix: string): Closure {
  const inner = closureOf(sub, prefix + (node.field.formulaPrefix ?? ''))
  const blank = node.type === 'Boolean' ? false : node.zero ? ZERO : null
  return (c) => inner(c) ?? blank
}
