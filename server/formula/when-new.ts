import type { Typed, TypedCall } from './typed.ts'

/** What a condition comes to while a record is being created, where that is certain without reading the record. */
function known(node: Typed): boolean | undefined {
  if (node.kind !== 'call') return undefined
  if (node.def.name === 'ISNEW') return true
  if (node.def.name === 'ISCHANGED') return false
  const inner = node.def.name === 'NOT' ? known(node.args[0]!) : undefined
  return inner === undefined ? undefined : !inner
}

/** The arguments that can be evaluated while a record is being created: AND and OR stop at the first that decides, IF takes one way. */
export function reachedWhenNew({ def, args }: TypedCall): readonly Typed[] {
  if (def.name === 'IF') {
    const condition = known(args[0]!)
    return condition === undefined ? args : [args[condition ? 1 : 2]!]
  }
  const last =
    def.name === 'AND' || def.name === 'OR' ? args.findIndex((arg) => known(arg) === (def.name === 'OR')) : -1
  return last < 0 ? args : args.slice(0, last)
}
