import { PATTERN_CODES } from '#formula'
import type { Finding } from '#util'
import { documentPath } from '../report.ts'
import type { PlanStep } from './types.ts'

/** A stored formula whose pattern can't be used still loads, with a warning; one that this change writes is refused. */
export function refusedPatterns(findings: readonly Finding[], steps: readonly PlanStep[]): Finding[] {
  const written = new Set(steps.flatMap((step) => (step.follows ? [] : [documentPath(step.kind, step.name)])))
  return findings.map((finding) =>
    PATTERN_CODES.has(finding.code) && written.has(finding.file ?? '') ? { ...finding, severity: 'error' } : finding,
  )
}
