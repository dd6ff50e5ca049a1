import { createHash } from 'node:crypto'
import { assignIdentities, compileCatalog, isRowDocument } from '#metadata'
import type { AnyDocument, Catalog, Document } from '#metadata'
import type { Database, Transaction } from '#database'
import { applyTableSteps, loadStoredDocuments, saveDocuments, tableSteps } from '#records'
import { formatFinding, formatInstant } from '#util'
import type { Finding } from '#util'
import type { DocumentChange } from '../engine-types.ts'
import { clocksSetting } from '../set-up/open-intervals.ts'
import { readSetting, writeSetting } from './settings.ts'

/** Metadata that can't be compiled: the server doesn't start, and says everything that is wrong at once. */
export class MetadataError extends Error {
  readonly findings: readonly Finding[]
  constructor(where: string, findings: readonly Finding[]) {
    super(`${where}\n${findings.map((f) => `  ${formatFinding(f)}`).join('\n')}`)
    this.findings = findings
  }
}

export function compileOrThrow(documents: readonly Document[], version: number): Catalog {
  const { catalog, findings } = compileCatalog(documents, version)
  if (!catalog)
    throw new MetadataError(
      'The metadata has errors:',
      findings.filter((f) => f.severity === 'error'),
    )
  return catalog
}

/** The catalog as stored; undefined in an empty database. */
export async function loadCatalog(database: Database): Promise<Catalog | undefined> {
  const { version, documents } = await loadStoredDocuments(database)
  return version === 0 ? undefined : compileOrThrow(documents, version)
}

/** The first catalog: tables and documents in one transaction. Set-up rows among the shipped documents are only remembered. */
export async function install(database: Database, shipped: readonly AnyDocument[], reason: string): Promise<Catalog> {
  const documents = assignIdentities(shipped.filter((d): d is Document => !isRowDocument(d)))
  const catalog = compileOrThrow(documents, 1)
  await database.transaction(async (tx) => {
    await applyTableSteps(tx, tableSteps(undefined, catalog))
    await saveDocuments(tx, {
      base: 0,
      at: formatInstant(database.clock.now()),
      by: null,
      reason,
      put: documents,
      changes: [reason],
      undo: null,
    })
    await rememberShipped(tx, shipped)
    await writeSetting(tx, clocksSetting, formatInstant(database.clock.now()))
  })
  return catalog
}

const SHIPPED = 'shipped documents'
const keyOf = (document: AnyDocument): string => `${document.kind} ${document.name}`
const hashOf = (document: AnyDocument): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 16)

export async function rememberShipped(tx: Transaction, shipped: readonly AnyDocument[]): Promise<void> {
  await writeSetting(tx, SHIPPED, JSON.stringify(Object.fromEntries(shipped.map((d) => [keyOf(d), hashOf(d)]))))
}

/**
 * What this release ships anew or differently from the one that was here; an admin's own changes to a document that did not change stay. What a
 * permission set grants by object is the admins' from the day it came: it comes once, and only if none of theirs has its name.
 */
export async function shippedChanges(
  database: Database,
  catalog: Catalog,
  shipped: readonly AnyDocument[],
): Promise<DocumentChange[]> {
  const known = JSON.parse((await readSetting(database, SHIPPED)) ?? '{}') as { [key: string]: string }
  const stays = (d: AnyDocument): boolean => isAdmins(d) && (keyOf(d) in known || isTaken(catalog, d))
  const moved = shipped.filter((d) => known[keyOf(d)] !== hashOf(d) && !stays(d))
  return moved.map((document) => {
    const { name } = document
    if (isRowDocument(document)) return { kind: document.kind, name, document }
    return { kind: document.kind, name, document: withIdentity(catalog, document) }
  })
}

const isAdmins = (document: AnyDocument): boolean => document.kind === 'PermissionSet' && !document.modifyAll

/** By any set that there is or was. */
function isTaken({ permissionSets, deleted }: Catalog, { name }: AnyDocument): boolean {
  const sets = [...permissionSets.values(), ...deleted.filter(({ kind }) => kind === 'PermissionSet')]
  return sets.some((set) => [set.name, set.id].some((each) => each?.toLowerCase() === name.toLowerCase()))
}

function withIdentity(catalog: Catalog, document: Document): Document {
  const stored = catalog.documents.get(document.kind)?.get(document.name)
  return stored?.id ? { ...document, id: stored.id } : document
}
