/** Every way that leads back to where it began, once each, by a depth-first walk: a node that is done with is not walked again. */
export function ringsOf<T>(nodes: Iterable<T>, next: (node: T) => Iterable<T>): readonly (readonly T[])[] {
  const rings: (readonly T[])[] = []
  const done = new Set<T>()
  const open: T[] = []
  const visit = (node: T): void => {
    if (done.has(node)) return
    const from = open.indexOf(node)
    if (from >= 0) return void rings.push(open.slice(from))
    open.push(node)
    for (const each of next(node)) visit(each)
    open.pop()
    done.add(node)
  }
  for (const node of nodes) visit(node)
  return rings
}
