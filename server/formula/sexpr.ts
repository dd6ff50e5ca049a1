import { childrenOf, ungroup, type Node } from './ast.ts'
import { parse } from './parser.ts'

/** The tree as text, `( + 1 ( * 2 3 ) )`, operators and names as written; undefined when the formula has a syntax error. */
export function parseToSexpr(source: string): string | undefined {
  const { root, findings } = parse(source)
  return findings.length > 0 ? undefined : sexpr(root, source)
}

function sexpr(grouped: Node, source: string): string {
  const node = ungroup(grouped)
  const head = node.kind === 'call' ? node.name : node.kind === 'unary' || node.kind === 'binary' ? node.op : undefined
  if (head === undefined) return source.slice(node.at.start, node.at.end)
  const children = childrenOf(node).map((child) => sexpr(child, source))
  return children.length === 0 ? head : `( ${[head, ...children].join(' ')} )`
}
