import { documentPath } from '#metadata'
import type { PlanStep } from '#metadata'
import { formatFinding } from '#util'
import type { Finding } from '#util'

/** What a plan warns of, with document and place: what concerns the documents that it changes, and what was not so before. */
export function planWarnings(
  steps: readonly Pick<PlanStep, 'kind' | 'name'>[],
  found: readonly Finding[],
  before: readonly Finding[],
): string[] {
  const changed = new Set<string | undefined>(steps.flatMap(({ kind, name }) => [name, documentPath(kind, name)]))
  const known = new Set(before.map(formatFinding))
  const warnings = found.filter((f) => f.severity === 'warning')
  const concerned = warnings.filter((f) => changed.has(f.file) || !known.has(formatFinding(f)))
  return concerned.map(formatFinding)
}
