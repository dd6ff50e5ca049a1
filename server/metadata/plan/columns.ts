import type { Catalog } from '../catalog.ts'
import type { FieldDocument } from '../documents.ts'
import { storageOf } from '../field-types.ts'
import { nextColumn, type Identities } from '../identities.ts'

type Objects = Pick<Catalog, 'object'>

/** How a field's column stores values: two fields of one form can share a column. What becomes a number, or was one, keeps both: blanks are filled. */
export function columnForm(objects: Objects, field: FieldDocument): string {
  if (field.type === 'AutoNumber') return 'auto-number'
  const storage = storageOf(field.type, field)
  if (storage === 'decimal') return `decimal ${field.scale ?? 2}`
  const target = onlyTarget(field)
  return target === undefined ? storage : `${storage} ${objects.object(target)?.id ?? `new ${target}`}`
}

/** A column is tied to the table of the one object that it may name: it can't be untied, and points to nothing else. */
const onlyTarget = ({ referenceTo = [] }: FieldDocument): string | undefined =>
  referenceTo.length === 1 && !referenceTo[0]!.startsWith('*') ? referenceTo[0] : undefined

/** Gives a field its next column and notes the one it leaves, which stays as it is. */
export function moveColumn(
  objects: Objects,
  before: FieldDocument,
  after: FieldDocument,
  taken: Identities,
  at: string,
): FieldDocument {
  if (before.physicalName === undefined) return after
  return { ...leave(objects, before, after, at), physicalName: nextColumn(before.physicalName, taken) }
}

/** Takes a field back to the column that it had in that form, where its former values are; undefined when there is none. */
export function backToFormer(
  objects: Objects,
  before: FieldDocument,
  after: FieldDocument,
  at: string,
): FieldDocument | undefined {
  const former = before.formerColumns?.find(({ form }) => form === columnForm(objects, after))
  if (!former) return undefined
  const left = leave(objects, before, after, at)
  const formerColumns = left.formerColumns?.filter(({ column }) => column !== former.column)
  return { ...left, physicalName: former.column, ...(formerColumns && { formerColumns }) }
}

const leave = (objects: Objects, before: FieldDocument, after: FieldDocument, leftAt: string): FieldDocument => ({
  ...after,
  formerColumns: [
    ...(before.formerColumns ?? []),
    ...(before.physicalName === undefined
      ? []
      : [{ column: before.physicalName, form: columnForm(objects, before), leftAt }]),
  ],
})

/** The field goes back to a column that it had before. */
export const isReturn = (before: FieldDocument, { physicalName }: FieldDocument): boolean =>
  before.formerColumns?.some(({ column }) => column === physicalName) ?? false
