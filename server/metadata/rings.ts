/** Ways that lead back to where they began, each from the node whose name comes first: a depth-first walk that walks no node twice. */
export function ringsOf<T>(
  nodes: Iterable<T>,
  next: (node: T) => Iterable<T>,
  nameOf: (node: T) => string,
): readonly (readonly T[])[] {
  const rings: (readonly T[])[] = []
  const done = new Set<T>()
  const open: T[] = []
  const visit = (node: T): void => {
    if (done.has(node)) return
    const from = open.indexOf(node)
    if (from >= 0) return void rings.push(fromFirst(open.slice(from), nameOf))
    open.push(node)
    for (const each of next(node)) visit(each)
    open.pop()
    done.add(node)
  }
  for (const node of nodes) visit(node)
  return rings
}

function fromFirst<T>(ring: readonly T[], nameOf: (node: T) => string): readonly T[] {
  const names = ring.map(nameOf)
  const first = names.indexOf([...names].sort()[0]!)
  return [...ring.slice(first), ...ring.slice(0, first)]
}
