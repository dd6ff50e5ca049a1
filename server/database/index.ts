// database: connections, dialects, transactions, migrations and the one clock. Knows SQL and no domain word.
export type * from './types.ts'
