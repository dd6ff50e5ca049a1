import type { BinaryNode, Node } from './ast.ts'
import type { Token } from './lexer.ts'
import { parse, precedenceOf } from './parser.ts'

const WIDTH = 80
const INDENT = '  '

/** Lays a formula out: functions in capitals, calls that don't fit on a line broken one argument a line. Meaning and comments stay; a formula with a syntax error is left as it is. */
export function format(source: string): string {
  const { root, comments, findings } = parse(source)
  if (findings.length > 0) return source
  const printer = new Printer(source, comments)
  return printer.finish(printer.print(root, 0))
}

class Printer {
  private readonly source: string
  private readonly comments: readonly Token[]
  private used = 0

  constructor(source: string, comments: readonly Token[]) {
    this.source = source
    this.comments = comments
  }

  /** The text of a node that starts at this depth; more than one line when it does not fit. */
  print(node: Node, depth: number): string {
    const before = this.commentsBefore(node.at.start)
    const start = this.used
    const flat = this.flat(node)
    const fits = depth * INDENT.length + before.length + flat.length <= WIDTH && !flat.includes('\n')
    if (fits) return before + flat
    this.used = start
    return before + this.broken(node, depth)
  }

  finish(text: string): string {
    const rest = this.commentsBefore(Infinity).trimEnd()
    return rest ? `${text} ${rest}` : text
  }

  private commentsBefore(position: number): string {
    let text = ''
    for (
      let comment = this.comments[this.used];
      comment && comment.at.start < position;
      comment = this.comments[++this.used]
    )
      text += `${comment.text} `
    return text
  }

  private flat(node: Node): string {
    const before = this.commentsBefore(node.at.start)
    if (node.kind === 'group') return `${before}(${this.flat(node.inner)}${this.tail(node)})`
    if (node.kind === 'call')
      return `${before}${node.name.toUpperCase()}(${node.args.map((arg) => this.flat(arg)).join(', ')}${this.tail(node)})`
    if (node.kind === 'unary') return `${before}${prefix(node.op)}${this.flat(node.operand)}`
    if (node.kind !== 'binary') return before + this.leaf(node)
    const left = this.flat(node.left)
    return `${before}${left} ${this.tail({ at: { end: node.opAt.start } }, ' ')}${node.op} ${this.flat(node.right)}`
  }

  /** Comments between the last part and the end of a node. */
  private tail(node: { readonly at: { readonly end: number } }, after = ''): string {
    const text = this.commentsBefore(node.at.end).trimEnd()
    return text ? (after ? text + after : ` ${text}`) : ''
  }

  private broken(node: Node, depth: number): string {
    const inner = `\n${INDENT.repeat(depth + 1)}`
    const outer = `\n${INDENT.repeat(depth)}`
    if (node.kind === 'group') return `(${inner}${this.print(node.inner, depth + 1)}${this.tail(node)}${outer})`
    if (node.kind === 'call')
      return `${node.name.toUpperCase()}(${this.arguments(node.args, depth + 1, inner)}${this.tail(node)}${outer})`
    if (node.kind === 'unary') return `${prefix(node.op)}${this.print(node.operand, depth)}`
    return node.kind === 'binary' ? this.row(node, depth) : this.leaf(node)
  }

  /** A row of operators of one precedence: each operand after the first on a line of its own. */
  private row(node: BinaryNode, depth: number): string {
    const outer = `\n${INDENT.repeat(depth)}`
    const spine: BinaryNode[] = []
    let first: Node = node
    for (; first.kind === 'binary' && precedenceOf(first.op) === precedenceOf(node.op); first = first.left)
      spine.push(first)
    const parts = [this.print(first, depth)]
    for (const { op, opAt, right } of spine.toReversed())
      parts.push(`${this.tail({ at: { end: opAt.start } }, ' ')}${op} ${this.print(right, depth)}`)
    return parts.join(outer)
  }

  private arguments(args: readonly Node[], depth: number, inner: string): string {
    return args.map((arg) => `${inner}${this.print(arg, depth)}`).join(',')
  }

  private leaf(node: Node): string {
    if (node.kind === 'constant') return node.text.toUpperCase()
    return this.source.slice(node.at.start, node.at.end)
  }
}

const prefix = (op: string): string => (op.length > 1 ? `${op.toUpperCase()} ` : op)
