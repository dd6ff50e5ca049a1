import { compile } from '#formula'
import type { CompiledFormula } from '#formula'
import { formulaScope } from '#metadata'
import type { AutoApplyRuleDocument, Catalog, ObjectDef } from '#metadata'
import { compileProcess } from '#process'
import type { CompiledProcess, Watch } from '#process'
import { pushTo } from '#util'
import type { Finding } from '#util'

/** Every entitlement process of a catalog, compiled once, and what the saves of each object have to do with them. */
export interface Registry {
  version(fullName: string): CompiledProcess | undefined
  /** The version that new records get: active and default, else the highest active one. */
  defaultVersion(process: string): CompiledProcess | undefined
  readonly all: readonly CompiledProcess[]
  /** Rules of any version that watch saves of this object. */
  watches(object: string): readonly { readonly process: CompiledProcess; readonly watch: Watch }[]
  autoApply(object: string): readonly AutoApply[]
  readonly findings: readonly Finding[]
}

export interface AutoApply {
  readonly rule: AutoApplyRuleDocument
  /** Absent: always. */
  readonly when?: CompiledFormula
}

const cache = new WeakMap<Catalog, Registry>()

export function registryOf(catalog: Catalog): Registry {
  const known = cache.get(catalog)
  if (known) return known
  const made = build(catalog)
  cache.set(catalog, made)
  return made
}

function build(catalog: Catalog): Registry {
  const findings: Finding[] = []
  const compiled = new Map<string, CompiledProcess>()
  for (const document of catalog.processes.values()) {
    const result = compileProcess(document, catalog)
    findings.push(...result.findings)
    if (result.process) compiled.set(document.name, result.process)
  }
  const all = [...compiled.values()]
  const watching = new Map<string, { process: CompiledProcess; watch: Watch }[]>()
  for (const process of all) for (const watch of process.watches) pushTo(watching, watch.object, { process, watch })
  const rules = new Map<string, readonly AutoApply[]>()
  return {
    all,
    findings,
    version: (name) => compiled.get(name),
    defaultVersion: (name) => defaultOf(all.filter((p) => p.process === name)),
    watches: (object) => watching.get(object) ?? [],
    autoApply: (object) => {
      const known = rules.get(object) ?? catalog.autoApplyRules(object).map((rule) => autoApplyOf(catalog, rule))
      rules.set(object, known)
      return known
    },
  }
}

function defaultOf(versions: readonly CompiledProcess[]): CompiledProcess | undefined {
  const active = versions
    .filter((p) => p.document.status === 'active')
    .sort((a, b) => b.document.version - a.document.version)
  return active.find((p) => p.document.isDefault) ?? active[0]
}

function autoApplyOf(catalog: Catalog, rule: AutoApplyRuleDocument): AutoApply {
  if (rule.when === 'always') return { rule }
  const { formula } = compile(rule.when, {
    scope: formulaScope(catalog, rule.object),
    returnType: 'Boolean',
    stored: true,
  })
  return formula ? { rule, when: formula } : { rule: { ...rule, active: false } }
}

/** Dotted and own paths that process evaluation reads on records of this object. */
export function processPaths(catalog: Catalog, object: ObjectDef): readonly string[] {
  const registry = registryOf(catalog)
  const own = object.enableProcesses
    ? ['Entitlement.EntitlementProcess', 'Entitlement.BusinessHoursId', 'Entitlement.IsDeleted']
    : []
  return [
    ...own,
    ...registry.all.filter((p) => p.document.object === object.name).flatMap((p) => p.paths),
    ...registry.watches(object.name).flatMap(({ watch }) => watch.paths),
    ...registry.autoApply(object.name).flatMap(({ when }) => when?.paths ?? []),
  ]
}
