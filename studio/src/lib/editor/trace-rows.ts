import type { TraceNode } from '#formula'

export interface TraceRow {
  readonly node: TraceNode
  readonly depth: number
}

/** A literal says nothing that is not written in it already. */
const isLiteral = ({ text, children }: TraceNode): boolean =>
  children.length === 0 && /^(?:["'\d.]|(?:TRUE|FALSE|NULL)$)/i.test(text)

/** The parts of a formula as a list, each below what it is a part of; literals are left out. */
export const traceRows = (node: TraceNode, depth = 0): readonly TraceRow[] => [
  { node, depth },
  ...node.children.filter((part) => !isLiteral(part)).flatMap((part) => traceRows(part, depth + 1)),
]
