import { placeholders, quote } from '#database'
import type { Transaction } from '#database'
import { KINDS, nameInRows, namesInRows } from '#metadata'
import type { Catalog, FieldDef, NamedKind, ObjectDef } from '#metadata'
import type { DialectReader } from '#records'
import type { Finding } from '#util'

/** A field whose rows name documents. */
interface Naming {
  readonly object: ObjectDef
  readonly field: FieldDef & { readonly names: NamedKind; readonly column: string }
}

const namingFields = (catalog: Catalog): Naming[] =>
  [...catalog.objects.values()].flatMap((object) =>
    object.fields.flatMap((field) =>
      field.names && field.column ? [{ object, field: field as Naming['field'] }] : [],
    ),
  )

/** Of rows that the platform writes: they tell what was, and hold nobody up. */
const isRecord = ({ object }: Naming): boolean => !object.platform

interface Moves {
  /** By old name. */
  readonly renamed: ReadonlyMap<string, string>
  readonly gone: readonly string[]
  readonly come: readonly string[]
}

/** What becomes of the names of a kind. A name that moves on to another document is both renamed and there. */
function movesOf(current: Catalog, next: Catalog, kind: NamedKind): Moves {
  const [before, after] = [namesInRows(current, kind), namesInRows(next, kind)]
  const ids = new Map([...(next.documents.get(kind)?.values() ?? [])].map((d) => [d.id, nameInRows(d)]))
  const renamed = new Map(
    [...(current.documents.get(kind)?.values() ?? [])].flatMap((document) => {
      const [old, now] = [nameInRows(document), ids.get(document.id)]
      return now !== undefined && now !== old ? [[old, now] as const] : []
    }),
  )
  return {
    renamed,
    gone: [...before.keys()].filter((name) => !after.has(name) && !renamed.has(name)),
    come: [...after.keys()].filter((name) => !before.has(name)),
  }
}

/** Rows take the new name of what they name, deleted ones too. */
export async function followRenamesInRows(tx: Transaction, current: Catalog, next: Catalog): Promise<void> {
  for (const { object, field } of namingFields(next)) {
    const pairs = [...movesOf(current, next, field.names).renamed]
    if (pairs.length === 0) continue
    const column = quote(field.column)
    const cases = pairs.map((_, i) => `WHEN ${placeholders(tx.dialect, 1, i * 2 + 1)} THEN ${placeholders(tx.dialect, 1, i * 2 + 2)}`) // prettier-ignore
    const old = placeholders(tx.dialect, pairs.length, pairs.length * 2 + 1)
    const version = quote(object.field('Version')!.column!)
    const free = await setAside(tx, object.table, column, pairs)
    await tx.run(
      `UPDATE ${quote(object.table)} SET ${column} = CASE ${column} ${cases.join(' ')} END, ${version} = ${version} + 1 WHERE ${column} IN (${old})`,
      [...free.flat(), ...free.map(([name]) => name)],
    )
  }
}

type Renames = readonly (readonly [old: string, now: string])[]

/** Where names move on from one document to another, the old ones are told apart first, so that no row takes a name that another still has. */
async function setAside(tx: Transaction, table: string, column: string, pairs: Renames): Promise<Renames> {
  if (!pairs.some(([, now]) => pairs.some(([old]) => old === now))) return pairs
  const names = pairs.map(([old]) => old)
  await tx.run(
    `UPDATE ${quote(table)} SET ${column} = '>' || ${column} WHERE ${column} IN (${placeholders(tx.dialect, names.length)})`,
    names,
  )
  return pairs.map(([old, now]) => [`>${old}`, now])
}

/** Names that go although rows have them: nothing would hold these together any more. */
export async function checkStillNamed(reader: DialectReader, current: Catalog, next: Catalog): Promise<Finding[]> {
  return eachNamed(reader, next, (kind) => movesOf(current, next, kind).gone, (naming, name, rows) => ({
    code: 'IN_USE',
    severity: 'error',
    message: `${name} can't be deleted while ${rows} it (${place(naming)}).`,
    hint: 'Have them name another one, or delete them first.',
  })) // prettier-ignore
}

/** Names that come although rows have them already, from an import or an earlier release: what is made would take effect unasked. */
export async function checkNamedBefore(reader: DialectReader, current: Catalog, next: Catalog): Promise<Finding[]> {
  return eachNamed(reader, current, (kind) => movesOf(current, next, kind).come, (naming, name, rows) => ({
    code: 'NAMED_BEFORE',
    severity: 'error',
    message: `${rows} ${name} already (${place(naming)}), which has not been there: it would take effect for them unasked.`,
    hint: 'Correct or delete these rows first, or choose another name.',
  })) // prettier-ignore
}

/** Names that mean nothing, for the doctor. */
export async function unknownNames(reader: DialectReader, catalog: Catalog): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const naming of namingFields(catalog).filter(isRecord)) {
    const known = namesInRows(catalog, naming.field.names)
    for (const { name, n } of await countNames(reader, naming))
      if (!known.has(name))
        findings.push({
          code: 'UNKNOWN_NAME',
          severity: 'warning',
          message: `${rowsName(naming, n)} ${name} (${place(naming)}), and there is no such ${KINDS[naming.field.names].label.toLowerCase()}.`,
          hint: 'Have them name one that is there, or delete them.',
        })
  }
  return findings
}

async function eachNamed(
  reader: DialectReader,
  catalog: Catalog,
  namesOf: (kind: NamedKind) => readonly string[],
  finding: (naming: Naming, name: string, rows: string) => Finding,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const naming of namingFields(catalog).filter(isRecord)) {
    const names = namesOf(naming.field.names)
    if (names.length === 0) continue
    for (const { name, n } of await countNames(reader, naming, names))
      findings.push(finding(naming, name, rowsName(naming, n)))
  }
  return findings
}

const place = ({ object, field }: Naming): string => `${object.name}.${field.name}`

const rowsName = ({ object }: Naming, n: number): string =>
  n === 1 ? `1 ${object.label} names` : `${n} ${object.pluralLabel} name`

async function countNames(
  reader: DialectReader,
  { object, field }: Naming,
  names?: readonly string[],
): Promise<{ readonly name: string; readonly n: number }[]> {
  const [column, deleted] = [quote(field.column), quote(object.field('IsDeleted')!.column!)]
  const which = names ? `IN (${placeholders(reader.dialect, names.length)})` : 'IS NOT NULL'
  const rows = await reader.all<{ name: string; n: number | string }>(
    `SELECT ${column} AS name, count(*) AS n FROM ${quote(object.table)} WHERE NOT ${deleted} AND ${column} ${which} GROUP BY ${column} ORDER BY 1`,
    names ?? [],
  )
  return rows.map(({ name, n }) => ({ name, n: Number(n) }))
}
