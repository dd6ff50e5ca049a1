import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import { queryFindings } from '../query/findings.ts'
import { documentPath } from '../report.ts'
import type { PlanStep } from './types.ts'

/** Filters and sorts that a change would break, or writes wrong. Those of other stored documents are no errors of this change. */
export function refusedQueries(current: Catalog, next: Catalog, steps: readonly PlanStep[]): Finding[] {
  const known = new Set(queryFindings(current).map(keyOf))
  const written = new Set(steps.flatMap((step) => (step.follows ? [] : [documentPath(step.kind, step.name)])))
  return queryFindings(next).flatMap((finding) => {
    if (written.has(finding.file ?? '')) return [finding]
    return known.has(keyOf(finding)) ? [] : [{ ...finding, hint: `${finding.hint ?? ''} Change it first, or in the same plan.`.trim() }] // prettier-ignore
  })
}

const keyOf = ({ file, path, message }: Finding): string => [file, path, message].join('|')
