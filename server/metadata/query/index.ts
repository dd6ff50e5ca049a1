export { FILTER_LIMITS, isSortable, OPERATORS, OPERATORS_OF, operatorsOf, RELATIVE_COUNTS, RELATIVE_PERIODS, valueKind, type Operator, type ValueKind } from './operators.ts' // prettier-ignore
export { formulaSqlFinding, formulaSqlRefusal } from './formula-in-sql.ts'
export { operatorFindings, sortFindings, TOO_COMPLEX } from './refusals.ts'
export { queryFindings, queryFindingsOf } from './findings.ts'
