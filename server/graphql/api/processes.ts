/** `process { … }`: versions of entitlement processes, moving records between them, and the journal of that work. For those who look after processes. */
import type { GraphQLResolveInfo } from 'graphql'
import type { EntryView, MigrationPreview, VersionResult } from '#automation'
import type { EntitlementProcessDocument } from '#metadata'
import type { Permissions } from '#records'
import type { Finding } from '#util'
import type { RequestContext } from '../context.ts'
import { forbidden, userError } from '../errors.ts'
import { missingArgument, placeText } from '../plan/missing.ts'
import { firstSeen } from './seen.ts'

const PINNED_BY = 'EntitlementProcessVersionId'
const MOST_ENTRIES = 500

export const mayManageProcesses = ({ system }: Permissions): boolean =>
  system.has('manageProcesses') || system.has('manageMetadata')

/** The schema lacks these fields for everybody else; this holds when permissions change while a request is under way. */
function requireManager(context: RequestContext): void {
  if (!mayManageProcesses(context.actor.permissions))
    throw forbidden('Only people with the permission manageProcesses may do this.')
}

// ── query ──

export interface VersionView {
  readonly document: EntitlementProcessDocument
  /** Records that the caller may read and that are in it; null when the caller may not read which version a record is in. */
  readonly records: () => Promise<number | null>
}

export async function journal(args: { first: number }, context: RequestContext): Promise<readonly EntryView[]> {
  requireManager(context)
  return context.services.engine.processes.journal(Math.min(Math.max(args.first, 1), MOST_ENTRIES))
}

/** By process, the newest version first. Records are counted once an object, and only when asked for. */
export function versions(args: { process?: string | null }, context: RequestContext): readonly VersionView[] {
  requireManager(context)
  const counts = new Map<string, Promise<ReadonlyMap<string, number> | undefined>>()
  const countsOf = (object: string) => {
    const known = counts.get(object) ?? context.services.countsBy(context, object, PINNED_BY)
    counts.set(object, known)
    return known
  }
  return [...context.catalog.processes.values()]
    .filter((document) => !args.process || document.process === args.process)
    .sort((a, b) => (a.process === b.process ? b.version - a.version : a.process < b.process ? -1 : 1))
    .map((document) => ({
      document,
      records: async () => {
        const found = await countsOf(document.object)
        return found ? (found.get(document.name) ?? 0) : null
      },
    }))
}

// ── mutation ──

/** Without them it is done to all records in flight, or in earnest: that is meant only when they are not written at all. */
const GUARDS = { isDefault: [], records: [], late: [], dryRun: [] } as const

export function requireGiven(info: GraphQLResolveInfo): void {
  const missing = missingArgument(info, GUARDS)
  if (missing) throw userError(`${placeText(missing.place)}${missing.why}. Nothing was done.`, 'BAD_USER_INPUT')
}

type Run<A, R> = (args: A, context: RequestContext) => Promise<R>
type OfVersion = { readonly version: string }

export const draft: Run<OfVersion, VersionResult> = (args, { services, actor }) =>
  services.engine.processes.draft(actor, args.version)

export const activate: Run<OfVersion & { isDefault: boolean }, VersionResult> = (args, { services, actor }) =>
  services.engine.processes.activate(actor, args.version, { isDefault: args.isDefault })

export const deactivate: Run<OfVersion & { records: 'keepRunning' | 'cancelRunning' }, VersionResult> = (
  { version, records },
  { services, actor },
) => services.engine.processes.deactivate(actor, version, { records })

export const remove: Run<OfVersion, VersionResult> = (args, { services, actor }) =>
  services.engine.processes.remove(actor, args.version)

export interface MigrationArguments {
  readonly from: string
  readonly to: string
  readonly late: 'skip' | 'raise'
  readonly dryRun: boolean
}

/** A preview has everything, the real thing only how many records are moved. */
export type Migrated = { readonly findings: readonly Finding[]; readonly records: number } & Partial<MigrationPreview>

export const migrate: Run<MigrationArguments, Migrated> = async ({ from, to, late, dryRun }, context) => {
  const { actor, catalog } = context
  const { processes } = context.services.engine
  if (!dryRun) return processes.migrate(actor, from, to, { late })
  const preview = await processes.previewMigration(actor, from, to, { late })
  const object = catalog.processes.get(from)?.object
  return { ...preview, changes: await firstSeen(context, preview.changes, preview.changes.length, () => object) }
}
