/** Who may see what: permissions, and the one door that a query goes through. */
export { authorize, isAuthorized } from './authorize.ts'
export type { Caller } from './authorize.ts'
export { seesEveryRow, seesFields, seesPaths, seesSources } from './fields-seen.ts'
export { readableChildren, readableParent } from './names.ts'
export type { AccessContext, AuthorizedQuery } from './authorized.ts'
export {
  compilePermissions,
  denialsOf,
  hasWholeRecycleBin,
  mayImport,
  maySeeSetUp,
  systemActor,
} from './permissions.ts'
