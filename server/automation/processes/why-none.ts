import { seesPaths } from '#records'
import type { Row } from '#util'
import { fieldAfter } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'

const PATHS = ['Entitlement.Name', 'Entitlement.EntitlementProcess']

/** Why a record is in no process, one sentence a line. */
export async function whyNone(run: Run, draft: Draft): Promise<string[]> {
  await hydrate(run, [draft], () => PATHS)
  return ['The record is in no process.', ...reasonOf(run, draft)]
}

/** Of an entitlement those hear who may read the record's, and which process it names. */
function reasonOf(run: Run, draft: Draft): string[] {
  if (!fieldAfter(draft, 'EntitlementId')) return [unentitled(run, draft)]
  return seesPaths({ ...run.actor, catalog: run.catalog }, draft.object.name, PATHS)
    ? [entitled(run, draft, draft.parents)]
    : []
}

function entitled({ catalog }: Run, { object }: Draft, parents: Row): string {
  const name = `Its entitlement ${String(parents['Entitlement.Name'] ?? '')}`.trim()
  const process = parents['Entitlement.EntitlementProcess']
  if (typeof process !== 'string') return `${name} names no entitlement process.`
  const versions = [...catalog.processes.values()].filter((d) => d.process === process)
  if (versions.length === 0) return `${name} names the process ${process}, which does not exist.`
  if (versions[0]!.object !== object.name)
    return `${name} names the process ${process}, which is for ${versions[0]!.object}, not for ${object.name}: it does nothing here.`
  if (!versions.some((d) => d.status === 'active'))
    return `${name} names the process ${process}, of which no version is active.`
  return `${name} names the process ${process}; the record was let go from it and takes it up again when it is saved.`
}

function unentitled({ catalog }: Run, { object }: Draft): string {
  const rules = catalog.autoApplyRules(object.name).filter((rule) => rule.active !== false)
  if (rules.length === 0) return `It has no entitlement, and there is no active auto-apply rule for ${object.name}.`
  const names = rules.map((rule) => rule.name).join(', ')
  return `It has no entitlement, and no auto-apply rule (${names}) gave it a process when it was last saved.`
}
