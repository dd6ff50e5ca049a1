/** The type that alone the SQL compiler takes. Only `authorize` makes it, so a forgotten check does not compile. */
import type { Catalog } from '#metadata'
import type { Permissions } from '../access-types.ts'
import type { Query } from '../query-tree.ts'

declare const authorizedBrand: unique symbol

export interface AuthorizedQuery {
  readonly [authorizedBrand]: true
  readonly query: Query
  readonly catalog: Catalog
  readonly permissions: Permissions
  /** Set for system work: no row rules but "not deleted". */
  readonly system?: string
}

export interface AccessContext {
  readonly catalog: Catalog
  readonly permissions: Permissions
  readonly system?: string
}

/** Called by authorize.ts alone. */
export const brand = (query: Query, context: AccessContext): AuthorizedQuery =>
  ({ query, catalog: context.catalog, permissions: context.permissions, system: context.system }) as AuthorizedQuery
