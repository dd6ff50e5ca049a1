/** The syntax tree as the parser leaves it: names unresolved, no types. Offsets are characters of the source, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Node =
  NumberNode | TextNode | ConstantNode | PathNode | CallNode | UnaryNode | BinaryNode | GroupNode | MissingNode

export interface NumberNode {
  readonly kind: 'number'
  readonly at: Span
  readonly text: string
}
export interface TextNode {
  readonly kind: 'text'
  readonly at: Span
  readonly value: string
}
export interface ConstantNode {
  readonly kind: 'constant'
  readonly at: Span
  readonly text: string
  readonly value: true | false | null
}
export interface PathNode {
  readonly kind: 'path'
  readonly at: Span
  readonly text: string
}
export interface CallNode {
  readonly kind: 'call'
  readonly at: Span
  readonly name: string
  readonly nameAt: Span
  readonly args: readonly Node[]
}
export interface UnaryNode {
  readonly kind: 'unary'
  readonly at: Span
  /** `-`, `+`, `!` or the word NOT in the author's letter case. */
  readonly op: string
  readonly operand: Node
}
export interface BinaryNode {
  readonly kind: 'binary'
  readonly at: Span
  readonly op: string
  readonly opAt: Span
  readonly left: Node
  readonly right: Node
}
/** Parentheses the author wrote. */
export interface GroupNode {
  readonly kind: 'group'
  readonly at: Span
  readonly inner: Node
}
/** Where something should stand and nothing does; a finding says so. */
export interface MissingNode {
  readonly kind: 'missing'
  readonly at: Span
}

export const ungroup = (node: Node): Node => (node.kind === 'group' ? ungroup(node.inner) : node)

export function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'call') return node.args
  if (node.kind === 'unary') return [node.operand]
  if (node.kind === 'binary') return [node.left, node.right]
  if (node.kind === 'group') return [node.inner]
  return []
}
