/** A finding says what is wrong, where, and what to do next. Pure rooms return findings; they never throw them. */
export interface Finding {
  /** Stable SCREAMING_SNAKE code, e.g. `UNKNOWN_FIELD`. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** One plain sentence for a non-programmer. */
  readonly message: string
  /** What to do next, one sentence. */
  readonly hint?: string
  /** The file or document the finding is in, e.g. `objects/Case/fields/Priority.json`. */
  readonly file?: string
  /** JSON path inside that document, e.g. `milestones[2].when`. */
  readonly path?: string
  /** Character offsets inside a formula, end exclusive. */
  readonly at?: { readonly start: number; readonly end: number }
}

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some((f) => f.severity === 'error')

/** One line for a log or a terminal: `file path: message Hint.` */
export function formatFinding(finding: Finding): string {
  const place = [finding.file, finding.path].filter(Boolean).join(' ')
  const position = finding.at ? ` (characters ${finding.at.start}–${finding.at.end})` : ''
  return `${place ? `${place}: ` : ''}${finding.message}${position}${finding.hint ? ` ${finding.hint}` : ''}`
}
