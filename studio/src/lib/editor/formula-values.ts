/** The values that a formula reads, asked for over GraphQL as the signed-in user: paths become a selection, the answer becomes a flat row. */
import type { Row, Value } from '#util'

type Branch = Map<string, Branch | true>

/** `Account.Owner:User.Email` → Account → Owner:User → Email. */
function branchesOf(paths: readonly string[]): Branch {
  const root: Branch = new Map()
  for (const path of paths) {
    const segments = path.split('.')
    const field = segments.pop()!
    let branch = root
    for (const segment of segments) {
      const next = branch.get(segment)
      const below: Branch = next instanceof Map ? next : new Map()
      branch.set(segment, below)
      branch = below
    }
    branch.set(field, true)
  }
  return root
}

/** Every branch has its own name in the answer: two kinds of owner may have fields of the same name and of other types. */
const aliasOf = (segment: string): string => `to_${segment.replace(':', '__of_')}`

function selectionOf(branch: Branch): string {
  return [...branch]
    .map(([segment, below]) => {
      if (below === true) return segment
      const [relationship, type] = segment.split(':')
      const inside = selectionOf(below)
      return `${aliasOf(segment)}: ${relationship} { ${type ? `... on ${type} { ${inside} }` : inside} }`
    })
    .join(' ')
}

export interface Selections {
  /** On the record itself. */
  readonly record: string
  readonly user: string
  readonly organization: string
}

/** What to select so that a row can be made for these paths; "" = nothing. */
export function selectionsOf(paths: readonly string[]): Selections {
  const part = (global: string) => selectionOf(branchesOf(paths.filter((p) => p.startsWith(global)).map((p) => p.slice(global.length)))) // prettier-ignore
  return {
    record: selectionOf(branchesOf(paths.filter((path) => !path.startsWith('$')))),
    user: part('$User.'),
    organization: part('$Organization.'),
  }
}

type Answer = { readonly [key: string]: unknown } | null | undefined
export interface Answers {
  readonly record: Answer
  readonly user?: Answer
  readonly organization?: Answer
}

/** The row a formula is evaluated on. */
export function rowOf(paths: readonly string[], answers: Answers): Row {
  const row = Object.create(null) as { [path: string]: Value }
  for (const path of paths) {
    const segments = path.split('.')
    const global = segments[0]!.startsWith('$') ? segments.shift() : undefined
    const from = global === '$User' ? answers.user : global ? answers.organization : answers.record
    row[path] = valueAt(from, segments)
  }
  return row
}

function valueAt(from: Answer, segments: readonly string[]): Value {
  const field = segments.at(-1)!
  const holder = segments.slice(0, -1).reduce<Answer>((place, segment) => place?.[aliasOf(segment)] as Answer, from)
  return (holder?.[field] as Value | undefined) ?? null
}
