// metadata: what admins define. Documents at the door, an immutable compiled catalog inside, a plan for every change. Knows no database, no record, no clock.
export type * from './documents.ts'
export { FIELD_TYPES, SYSTEM_PERMISSIONS } from './documents.ts'
export type * from './catalog.ts'
export { compileCatalog } from './compile/compile.ts'
export { formulaScope, formulaTypeOf, MAX_HOPS, type ObjectsByName } from './formula-scope.ts'
export { assignIdentities } from './identities.ts'
export { validateDocuments } from './validate.ts'
export { documentPath } from './report.ts'
