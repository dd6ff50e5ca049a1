// util: the few shapes and pure helpers that every room shares. It knows no domain word: no object, formula, calendar or process.
export * from './exact-numbers.ts'
export * from './findings.ts'
export * from './groups.ts'
export * from './ids.ts'
export * from './instants.ts'
export * from './letter-case.ts'
export * from './storable.ts'
export * from './values.ts'
