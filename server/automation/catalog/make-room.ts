import { allDocuments } from '#metadata'
import type { Catalog, Document, ObjectDef, Plan, PlanStep } from '#metadata'
import { columnRoom } from '#records'
import type { DialectReader } from '#records'
import type { Finding } from '#util'
import { countOf, recordsText } from './in-background.ts'
import { compileOrThrow } from './install.ts'

interface Room {
  /** The plan, with the former columns that are given up. */
  readonly plan: Plan
  readonly steps: readonly PlanStep[]
  readonly findings: readonly Finding[]
  readonly losses: readonly string[]
}

/** What a plan does about the number of columns that a database takes in one table. */
export async function makeRoom(reader: DialectReader, current: Catalog, plan: Plan): Promise<Room> {
  const { next } = plan
  if (!next || next === current) return { plan, steps: [], findings: [], losses: [] }
  const { findings, losses, given, rewritten } = await columnRoom(reader, current, next)
  const steps = await Promise.all(rewritten.map((object) => rewriteStep(reader, object)))
  if (given.size === 0) return { plan, steps, findings, losses }
  const documents = allDocuments(next).map((d) => withoutColumns(d, given))
  return { plan: { ...plan, documents, next: compileOrThrow(documents, next.version) }, steps, findings, losses }
}

async function rewriteStep(reader: DialectReader, { id, name, table }: ObjectDef): Promise<PlanStep> {
  const text = `Write the table of ${name} anew, with its ${recordsText(await countOf(reader, table))}: columns that were dropped still count there.`
  return { action: 'changeObject', kind: 'Object', id, name, follows: true, text }
}

function withoutColumns(document: Document, given: ReadonlyMap<string, ReadonlySet<string>>): Document {
  const columns = document.id === undefined ? undefined : given.get(document.id)
  if (document.kind !== 'Field' || !columns) return document
  const { formerColumns = [], ...field } = document
  const kept = formerColumns.filter(({ column }) => !columns.has(column))
  return kept.length > 0 ? { ...field, formerColumns: kept } : field
}
