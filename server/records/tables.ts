// Tables follow metadata: steps are derived from two catalogs, applied in one transaction, and checked by the doctor.
export { indexSteps, tableSteps } from './tables/steps.ts'
export type { TableStep } from './tables/steps.ts'
export { applyTableSteps } from './tables/apply.ts'
export { afterPurge, dueForPurge, purgeSteps } from './tables/purge.ts'
export { doctor } from './tables/doctor.ts'
export { columnRoom } from './tables/column-limit.ts'
export { checkData } from './tables/data-check.ts'
export type { DataReport } from './tables/data-report.ts'
