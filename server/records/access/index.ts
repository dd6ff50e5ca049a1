/** Who may see what: permissions, and the one door that a query goes through. */
export { authorize, isAuthorized } from './authorize.ts'
export type { Caller } from './authorize.ts'
export type { AuthorizedQuery } from './authorized.ts'
export { compilePermissions, denialsOf, hasWholeRecycleBin, maySeeSetUp, systemActor } from './permissions.ts'
