import type { Path } from '../kinds/index.ts'

type Node = { readonly [key: string]: unknown } | readonly unknown[]

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** A copy in which the value at `path` is what `change` makes of it; everything off the path is shared. */
export function changeAt(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined) return change(value)
  if (Array.isArray(value)) return value.map((v, i) => (i === head ? changeAt(v, rest, change) : v))
  if (!isNode(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => (k === head ? [k, changeAt(v, rest, change)] : [k, v])),
  )
}

/** A copy in which the key at the end of `path` has another name, at its old place. */
export function renameKeyAt(value: unknown, path: Path, name: string): unknown {
  return changeAt(value, path.slice(0, -1), (owner) =>
    isNode(owner)
      ? Object.fromEntries(Object.entries(owner).map(([k, v]) => [k === path.at(-1) ? name : k, v]))
      : owner,
  )
}

/** A copy without the entry or key at `path`. */
export function removeAt(value: unknown, path: Path): unknown {
  const last = path.at(-1)
  return changeAt(value, path.slice(0, -1), (owner) => {
    if (Array.isArray(owner)) return owner.filter((_, i) => i !== last)
    return isNode(owner) ? Object.fromEntries(Object.entries(owner).filter(([k]) => k !== last)) : owner
  })
}

/** Same JSON, whatever the order of the keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isNode(a) || !isNode(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const [x, y] = [withoutUndefined(a), withoutUndefined(b)]
  return x.size === y.size && [...x].every(([key, value]) => y.has(key) && sameJson(value, y.get(key)))
}

const withoutUndefined = (node: Node): Map<string, unknown> =>
  new Map(Object.entries(node).filter(([, v]) => v !== undefined))

/** Top-level keys in which two documents differ. */
export function changedKeys(a: object, b: object): string[] {
  const [x, y] = [a as { readonly [key: string]: unknown }, b as { readonly [key: string]: unknown }]
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((key) => !sameJson(x[key], y[key]))
}
