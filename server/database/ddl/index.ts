import type { Dialect } from '../types.ts'
import { postgresDdl } from './postgres.ts'
import { sqliteDdl } from './sqlite.ts'
import type { Ddl } from './types.ts'

export type * from './types.ts'
export { indexName } from './common.ts'

export const ddl: { readonly [dialect in Dialect]: Ddl } = { sqlite: sqliteDdl, postgres: postgresDdl }
