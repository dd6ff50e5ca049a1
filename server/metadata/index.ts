// metadata: what admins define. Documents at the door, an immutable compiled catalog inside, a plan for every change. Knows no database, no record, no clock.
export type * from './documents.ts'
export { FIELD_TYPES, SYSTEM_PERMISSIONS } from './documents.ts'
export type * from './catalog.ts'
export { compileCatalog } from './compile/compile.ts'
export { literalDefault } from './defaults.ts'
export { formulaTypeOf } from './field-types.ts'
export { fieldAt, fieldsOn, formulaScope, MAX_HOPS, type FieldOn, type ObjectsByName } from './formula-scope.ts'
export { assignIdentities } from './identities.ts'
export { explain as explainSchemaErrors } from './schema-messages.ts'
export { validateDocuments } from './validate.ts'
export { entitlementLookup } from './kinds/auto-apply-rule.ts'
export { targetObject } from './kinds/action-slots.ts'
export { DISPLAY_FIELD, polymorphicName } from './names.ts'
export { nameInRows, namesInRows } from './naming.ts'
export { didYouMean } from './suggest.ts'
export { KINDS, type KindEntry, type Slot } from './kinds/index.ts'
export { optionsOf } from './compile/check.ts'
export { schemaFiles } from './schemas.ts'
export { documentPath } from './report.ts'
export {
  isDeployable,
  isRowDocument,
  ROW_KEY,
  type AnyDocument,
  type AnyKind,
  type RowDocument,
} from './row-document.ts'
export { allDocuments, changesTo, planChange } from './plan/plan.ts'
export { WORDS } from './plan/shipped.ts'
export { columnForm, isReturn } from './plan/columns.ts'
export { takeBack } from './plan/take-back.ts'
export type * from './plan/types.ts'
export { documentsBehind, fieldsNamed, fieldsRead } from './plan/mentions.ts'
export { whereUsed, type Usage } from './plan/where-used.ts'
export { rollupsOf, type Rollup } from './rollups.ts'
export * from './query/index.ts'
export { parseJson } from './parse-json.ts'
