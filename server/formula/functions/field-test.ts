import type { Closure } from '../runtime.ts'
import { textLiteral, type Typed, type TypedField } from '../typed.ts'
import type { Build } from './define.ts'

/** A condition on one field alone, as most criteria are: `record[path] === value`, or not. */
export interface FieldTest {
  readonly path: string
  readonly value: string | true
  readonly wanted: boolean
}

const plainField = (node: Typed | undefined): TypedField | undefined =>
  node?.kind === 'field' && !node.sub ? node : undefined

/** ISPICKVAL and text against a literal that is not blank, a checkbox, and NOT of these; undefined for anything else. */
export function fieldTest(node: Typed, build: Build): FieldTest | undefined {
  if (build.stepwise) return undefined
  const checkbox = plainField(node)
  if (checkbox)
    return checkbox.type === 'Boolean' ? { path: build.path(checkbox), value: true, wanted: true } : undefined
  if (node.kind !== 'call') return undefined
  if (node.def.name === 'NOT') return negated(fieldTest(node.args[0]!, build))
  return node.def.name === 'ISPICKVAL' || node.def.name === '=' || node.def.name === '<>'
    ? comparison(node.args, build, node.def.name !== '<>')
    : undefined
}

const negated = (test: FieldTest | undefined): FieldTest | undefined => test && { ...test, wanted: !test.wanted }

function comparison(args: readonly Typed[], build: Build, wanted: boolean): FieldTest | undefined {
  const field = plainField(args[0])
  const value = args[1] && textLiteral(args[1])
  const textual = field?.type === 'Text' || field?.type === 'Picklist'
  return field && textual && value ? { path: build.path(field), value, wanted } : undefined
}

/** The closure of one test, or of two that must both hold. */
export function testClosure(first: FieldTest, second?: FieldTest): Closure {
  const { path: p, value: v, wanted: w } = first
  if (!second) return w ? (c) => c.record[p] === v : (c) => c.record[p] !== v
  const { path: q, value: x, wanted: y } = second
  if (w && y) return (c) => c.record[p] === v && c.record[q] === x
  if (w) return (c) => c.record[p] === v && c.record[q] !== x
  if (y) return (c) => c.record[p] !== v && c.record[q] === x
  return (c) => c.record[p] !== v && c.record[q] !== x
}
