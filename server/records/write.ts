// System reading and writing of records' rows: no defaults, no rules, no access checks. Automation alone calls it.
export { insertRows } from './write/insert.ts'
export { updateRows } from './write/update.ts'
export type { RowChange } from './write/update.ts'
export { markDeleted, purgeRows, undelete } from './write/delete.ts'
export { findBy, lockRows, ownPaths, readRows } from './write/read.ts'
export type { DialectReader, Found, ReadOptions } from './write/read.ts'
export { childrenOf, referencesTo } from './write/children.ts'
export type { Children, ReferenceTo } from './write/children.ts'
export { formatNumber, highestNumber, nextNumbers, numberIn, numberRows, raiseNumber, unnumbered } from './write/numbers.ts' // prettier-ignore
export { batches } from './write/shapes.ts'
export { uniqueField } from './write/violations.ts'
export { countRollups, countSql } from './write/rollup.ts'
export type { Counted } from './write/rollup.ts'
