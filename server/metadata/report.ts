import type { Finding } from '#util'
import type { Document } from './documents.ts'
import { splitName } from './names.ts'
import type { AnyKind } from './row-document.ts'

const FOLDERS: { readonly [kind in AnyKind]: string } = {
  Object: 'objects',
  Field: 'fields',
  ValidationRule: 'validationRules',
  Layout: 'layouts',
  ListView: 'listViews',
  EntitlementProcess: 'entitlementProcesses',
  AutoApplyRule: 'autoApplyRules',
  Action: 'actions',
  EmailTemplate: 'emailTemplates',
  CustomLabel: 'customLabels',
  PermissionSet: 'permissionSets',
  Row: 'rows',
}

/** Where a document lies in a metadata folder: `objects/Case/fields/Priority.json`. */
export function documentPath(kind: AnyKind, name: string): string {
  if (kind === 'Object') return `objects/${name}/object.json`
  const [object, rest] = splitName(name)
  return object === rest ? `${FOLDERS[kind]}/${name}.json` : `objects/${object}/${FOLDERS[kind]}/${rest}.json`
}

export type Report = (finding: Omit<Finding, 'severity' | 'file'> & { readonly severity?: Finding['severity'] }) => void

/** A collector of findings about one document. */
export function reporter(findings: Finding[], document: Pick<Document, 'kind' | 'name'>): Report {
  const file = documentPath(document.kind, document.name)
  return (finding) => findings.push({ severity: 'error', file, ...finding })
}

/** `['milestones', 2, 'when']` → `milestones[2].when`. */
export function jsonPath(path: readonly (string | number)[]): string {
  return path.map((p, i) => (typeof p === 'number' ? `[${p}]` : i ? `.${p}` : p)).join('')
}
