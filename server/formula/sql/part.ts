import type { Typed, TypedCall } from '../typed.ts'

/** SQL text of one node and the predicate that is true where evaluating it would be an error. */
export interface SqlPart {
  readonly sql: string
  readonly guard?: string
}
export interface SqlBuild {
  readonly part: (node: Typed) => SqlPart
  readonly refuse: (call: TypedCall) => never
}
