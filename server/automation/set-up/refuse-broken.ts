import type { Finding } from '#util'
import type { SetUp } from './set-up.ts'

/** Business hours that can't be used: nothing of the save stays. */
export class SetUpError extends Error {
  /** The field of BusinessHours that is wrong, where it is one. */
  readonly field: string | undefined
  constructor(findings: readonly Finding[]) {
    super(findings.map((f) => [f.message, f.hint].filter(Boolean).join(' ')).join(' '))
    this.field = FIELDS[String(findings[0]?.path ?? '').split(/[.[]/)[0]!]
  }
}

const FIELDS: { readonly [path: string]: string } = {
  timeZone: 'TimeZone',
  hours: 'Hours',
  overrides: 'Overrides',
  effectiveFrom: 'EffectiveFrom',
  effectiveTo: 'EffectiveTo',
}

/** A save may not break a calendar, its holidays and intersections included; what was broken before holds up nobody. */
export function refuseBroken(before: SetUp, after: SetUp): void {
  const known = new Set(before.findings.map(text))
  const broken = after.findings.filter((f) => f.severity === 'error' && !known.has(text(f)))
  if (broken.length > 0) throw new SetUpError(broken)
  if (before.defaultHours && !after.defaultHours) throw new SetUpError([withoutDefault(before.defaultHours.name)])
}

/** Whatever names no hours of its own runs in these. */
const withoutDefault = (name: string): Finding => ({
  code: 'NO_DEFAULT_HOURS',
  severity: 'error',
  message: `${name} are the organisation's default business hours.`,
  hint: 'Make others the default first.',
})

const text = (finding: Finding): string => `${finding.file} ${finding.message}`
