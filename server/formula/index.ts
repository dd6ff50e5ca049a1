// formula: Salesforce's formula language. One parser and checker → one typed tree → closure, or SQL. Knows no catalog, no clock, no database.
export type * from './types.ts'
export { analyze, compile, type Compilation } from './engine.ts'
export { FUNCTIONS } from './functions/index.ts'
export type { FunctionDef, FunctionGroup } from './functions/define.ts'
export { LIMITS } from './limits.ts'
export { toSql } from './sql/index.ts'
export { scopeOf, type PlainField } from './scope.ts'
export { parseToSexpr } from './sexpr.ts'
