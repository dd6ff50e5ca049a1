// formula: Salesforce's formula language. One parser and checker → one typed tree → closure, or SQL. Knows no catalog, no clock, no database.
export type * from './types.ts'
export { alwaysHolds, conditionsOf, neverBlank, type Condition } from './conditions.ts'
export { analyze, compile, type Compilation } from './engine.ts'
export { FUNCTIONS } from './functions/index.ts'
export { PATTERN_CODES } from './functions/pattern.ts'
export type { FunctionDef, FunctionGroup } from './functions/define.ts'
export { LIMITS } from './limits.ts'
export { toSql } from './sql/index.ts'
export { scopeOf, type PlainField } from './scope.ts'
export { parseToSexpr } from './sexpr.ts'
export {
  complete,
  hover,
  measure,
  signatureAt,
  tokens,
  type ColouredToken,
  type Hover,
  type Signature,
  type Suggestion,
  type Suggestions,
} from './editor.ts'
export { explain, type Explanation, type TraceNode } from './explain.ts'
export { format } from './source-format.ts'
