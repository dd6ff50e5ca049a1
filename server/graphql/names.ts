/** Every generated GraphQL name is made here, and read back here, so that a lazy schema can build a type from its name alone. */

/** Types that exist once for each object; the suffix stands behind the object's API name. */
export const TYPE_SUFFIXES = {
  record: '',
  connection: 'Connection',
  edge: 'Edge',
  display: 'Display',
  where: 'Where',
  childrenWhere: 'ChildrenWhere',
  orderBy: 'OrderBy',
  aggregate: 'Aggregate',
  group: 'Group',
  numbers: 'AggregateNumbers',
  extremes: 'AggregateValues',
  aggregateField: 'AggregateField',
  having: 'Having',
  havingNumbers: 'HavingNumbers',
  havingValues: 'HavingValues',
  createInput: 'CreateInput',
  updateInput: 'UpdateInput',
  upsertKey: 'UpsertKey',
  payload: 'Payload',
  manyPayload: 'ManyPayload',
  updateManyItem: 'UpdateManyItem',
  upsertManyItem: 'UpsertManyItem',
  change: 'Change',
} as const
export type TypeRole = keyof typeof TYPE_SUFFIXES

/** Root fields that exist once for each object. */
export const QUERY_SUFFIXES = { list: '', byId: 'ById', aggregate: 'Aggregate' } as const
export const MUTATION_SUFFIXES = {
  create: 'Create',
  update: 'Update',
  upsert: 'Upsert',
  delete: 'Delete',
  undelete: 'Undelete',
  createMany: 'CreateMany',
  updateMany: 'UpdateMany',
  upsertMany: 'UpsertMany',
  deleteMany: 'DeleteMany',
} as const
export const SUBSCRIPTION_SUFFIXES = { changed: 'Changed' } as const
export type MutationRole = keyof typeof MUTATION_SUFFIXES

export const typeName = (object: string, role: TypeRole): string => object + TYPE_SUFFIXES[role]
export const queryName = (object: string, role: keyof typeof QUERY_SUFFIXES): string => object + QUERY_SUFFIXES[role]
export const mutationName = (object: string, role: MutationRole): string => object + MUTATION_SUFFIXES[role]
export const subscriptionName = (object: string): string => object + SUBSCRIPTION_SUFFIXES.changed

/** Any record whatever its object: `Id`, `Name`, and fragments on the concrete types. */
export const ANY_RECORD = 'Record'
/** On objects whose name field is called otherwise (Case.CaseNumber), the same value under the name every record has. */
export const NAME_FIELD = 'Name'

/** `CaseConnection` → { object: 'Case', role: 'connection' }. The longest object name that fits wins, so that an object `CaseEdge` would still be found. */
export function readName<R extends string>(
  name: string,
  suffixes: { readonly [role in R]: string },
  isObject: (name: string) => boolean,
): { object: string; role: R } | undefined {
  let found: { object: string; role: R } | undefined
  for (const [role, suffix] of Object.entries(suffixes) as [R, string][]) {
    if (!name.endsWith(suffix)) continue
    const object = name.slice(0, name.length - suffix.length)
    if (object && isObject(object) && (!found || object.length > found.object.length)) found = { object, role }
  }
  return found
}
