/** Versions of a process: which one a record gets, and what is wrong with a set of them. */
import type { EntitlementProcessDocument } from '#metadata'
import type { Finding } from '#util'
import type { CompiledProcess } from './types.ts'

/** The version a record is pinned to while it belongs to the process that is wanted, else the default active one. */
export function versionFor(
  documents: Iterable<EntitlementProcessDocument>,
  process: string,
  object: string,
  pinned: CompiledProcess | undefined,
): EntitlementProcessDocument | undefined {
  if (pinned?.process === process) return pinned.document
  const active = [...documents].filter((d) => d.process === process && d.status === 'active' && d.object === object)
  return active.find((d) => d.isDefault) ?? active.toSorted((a, b) => b.version - a.version)[0]
}

/** Overlapping versions: two of one number, two defaults, versions of different objects. */
export function checkVersions(documents: Iterable<EntitlementProcessDocument>): Finding[] {
  const byProcess = Map.groupBy(documents, (d) => d.process)
  return [...byProcess.values()].flatMap((versions) => [
    ...sameNumber(versions),
    ...defaults(versions),
    ...objects(versions),
  ])
}

const problem = (
  code: string,
  document: EntitlementProcessDocument,
  path: string,
  message: string,
  hint: string,
): Finding => ({ code, severity: 'error', message, hint, file: document.name, path })

function sameNumber(versions: readonly EntitlementProcessDocument[]): Finding[] {
  return versions.flatMap((d, n) =>
    versions.slice(0, n).some((other) => other.version === d.version)
      ? [
          problem(
            'SAME_VERSION',
            d,
            'version',
            `Version ${d.version} of ${d.process} exists twice.`,
            'Give the newer one the next number.',
          ),
        ]
      : [],
  )
}

function defaults(versions: readonly EntitlementProcessDocument[]): Finding[] {
  const chosen = versions.filter((d) => d.isDefault)
  const inactive = chosen
    .filter((d) => d.status !== 'active')
    .map((d) =>
      problem(
        'DEFAULT_NOT_ACTIVE',
        d,
        'isDefault',
        `${d.name} is the default version but not active, so new records would get none.`,
        'Activate it, or make another version the default.',
      ),
    )
  const second = chosen[1]
  return second
    ? [
        ...inactive,
        problem(
          'TWO_DEFAULTS',
          second,
          'isDefault',
          `${chosen[0]!.name} and ${second.name} are both the default version of ${second.process}.`,
          'Leave one of them the default.',
        ),
      ]
    : inactive
}

function objects(versions: readonly EntitlementProcessDocument[]): Finding[] {
  const other = versions.find((d) => d.object !== versions[0]!.object)
  return other
    ? [
        problem(
          'OTHER_OBJECT',
          other,
          'object',
          `${other.name} is for ${other.object}, other versions of ${other.process} for ${versions[0]!.object}.`,
          'Give it another process name.',
        ),
      ]
    : []
}
