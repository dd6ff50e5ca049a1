// formula: Salesforce's formula language. One parser and checker → one typed tree → closure, or SQL. Knows no catalog, no clock, no database.
export type * from './types.ts'
