import { quote } from '#database'
import type { Database, Transaction } from '#database'
import type { Catalog, FieldDef, ObjectDef, PlanStep } from '#metadata'
import { highestNumber, nextNumbers, numberRows, raiseNumber, unnumbered } from '#records'
import type { DialectReader } from '#records'
import { formatInstant } from '#util'
import type { Instant } from '#util'
import { enqueue } from '../journal/store.ts'
import { AT_ONCE, countOf, recordsText } from './in-background.ts'
import { readSetting, writeSetting } from './settings.ts'

interface Numbering {
  readonly object: ObjectDef
  readonly field: FieldDef
}

/** Auto-numbers of objects that were there: those that are new, come back, or count in another form than before. */
function numberedAnew(before: Catalog, after: Catalog): Numbering[] {
  return [...after.objects.values()].flatMap((object) => {
    const was = before.objectById(object.id)
    const isNew = (field: FieldDef): boolean => {
      const old = was?.fieldById(field.id)
      return field.type === 'AutoNumber' && (old?.type !== 'AutoNumber' || old.displayFormat !== field.displayFormat)
    }
    return was ? object.fields.filter(isNew).map((field) => ({ object, field })) : []
  })
}

/** What a plan says of them; `before` has the tables. */
export async function numberSteps(reader: DialectReader, before: Catalog, after: Catalog): Promise<PlanStep[]> {
  const steps: PlanStep[] = []
  for (const { object, field } of numberedAnew(before, after)) {
    const blank = await countOf(reader, before.objectById(object.id)!.table, blankBefore(before, object, field))
    const later = blank > AT_ONCE ? ', in the background; until then it shows “Calculating…”' : ''
    const name = `${object.name}.${field.name}`
    if (blank > 0)
      steps.push({ action: 'changeField', kind: 'Field', id: field.id, name, follows: true, text: `Number ${name} of ${recordsText(blank)} in the order of their creation${later}.` }) // prettier-ignore
  }
  return steps
}

/** Which records have no number yet: all of them when the field is new, those without a value when it was another or comes back. */
function blankBefore(before: Catalog, object: ObjectDef, field: FieldDef): string {
  const deleted = before.deleted.find((d) => d.kind === 'Field' && d.id === field.id)
  const column = before.objectById(object.id)?.fieldById(field.id)?.column ?? deleted?.physicalName
  return column === undefined ? '' : ` WHERE ${quote(column)} IS NULL`
}

/**
 * Numbers the records that are there: few in this transaction, many from the journal; gives the ids of the fields that wait for it.
 * What is saved from now on counts on above them.
 */
export async function numberExisting(
  tx: Transaction,
  before: Catalog,
  after: Catalog,
  now: Instant,
): Promise<ReadonlySet<string>> {
  const waiting = new Set<string>()
  for (const numbering of numberedAnew(before, after)) {
    const { records, first } = await reserve(tx, numbering)
    if (records.length > AT_ONCE) waiting.add(numbering.field.id)
    else await numberRows(tx, numbering.object, numbering.field, records, first)
    await enqueueNumbers(tx, after, numbering, { records, first }, now)
  }
  return waiting
}

interface Reserved {
  readonly records: readonly string[]
  /** The number of the first of them. */
  readonly first: number
}

/** Numbers for the records that have none, above the highest that one of the others has. */
async function reserve(tx: Transaction, { object, field }: Numbering): Promise<Reserved> {
  await raiseNumber(tx, field, (await highestNumber(tx, object, field)) + 1)
  const records = await unnumbered(tx, object, field)
  const [first = 1] = await nextNumbers(tx, field, records.length)
  return { records, first }
}

async function enqueueNumbers(
  tx: Transaction,
  { version }: Catalog,
  { object, field }: Numbering,
  { records, first }: Reserved,
  now: Instant,
): Promise<void> {
  await enqueue(tx, now, 'auto-number', { records, what: `${object.label}: ${field.label}`, numbers: { field: field.id, first }, catalog: version }) // prettier-ignore
}

const ADOPTED = 'auto-numbers given'

/** Earlier releases left records blank that were older than an auto-number: once, they get theirs, from the journal. */
export async function adoptNumbers(database: Database, catalog: Catalog): Promise<void> {
  if ((await readSetting(database, ADOPTED)) !== undefined) return
  const now = database.clock.now()
  const declared = (field: FieldDef): boolean => field.type === 'AutoNumber' && field.origin === 'declared'
  const all = [...catalog.objects.values()].flatMap((object) => object.fields.filter(declared).map((field) => ({ object, field }))) // prettier-ignore
  await database.transaction(async (tx) => {
    for (const numbering of all) {
      const reserved = await reserve(tx, numbering)
      if (reserved.records.length > 0) await enqueueNumbers(tx, catalog, numbering, reserved, now)
    }
    await writeSetting(tx, ADOPTED, formatInstant(now))
  })
}
