// records: tables follow metadata; read, write, query, history, access. Knows objects and fields from the catalog and the SQL of both dialects; it knows no process, no GraphQL and no standard object.
export type * from './access-types.ts'
export type * from './query-tree.ts'
export * from './access/index.ts'
export * from './query/index.ts'
export * from './tables.ts'
export * from './write.ts'
export * from './documents-store.ts'
export * from './codec.ts'
