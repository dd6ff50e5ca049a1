// The stored metadata: documents, the history of changes, and the lock that one change at a time holds. Knows no rule about what may change.
export { loadStoredDocuments, loadStoredKind, storedVersion } from './documents-store/load.ts'
export type { StoredDocuments } from './documents-store/load.ts'
export { saveDocuments } from './documents-store/save.ts'
export type { DocumentsChange } from './documents-store/save.ts'
export { changeHistory, changesSince, storedChange } from './documents-store/history.ts'
export type { StoredChange } from './documents-store/history.ts'
export { metadataLock, releaseMetadataLock, takeMetadataLock } from './documents-store/lock.ts'
export type { LockHolder } from './documents-store/lock.ts'
