/** What a caller may see of values that are made of other fields: all of those fields must be theirs to read. */
import { fieldsOn } from '#metadata'
import type { Catalog, FieldDef, FieldOn, ObjectDef } from '#metadata'
import type { Permissions } from '../access-types.ts'
import type { AccessContext } from './authorized.ts'
import { accessReferences } from './object-access.ts'

interface Readable {
  readonly ids: ReadonlySet<string>
  /** The same as a JSON list. */
  readonly list: () => string
}

const known = new WeakMap<Permissions, Readable>()

/** Every field that these permissions let read. A field that is gone is not among them, so for those who read everything do not ask. */
export function readableFields(permissions: Permissions, catalog: Catalog): Readable {
  const made = known.get(permissions) ?? readableOf(permissions, catalog)
  known.set(permissions, made)
  return made
}

function readableOf(permissions: Permissions, catalog: Catalog): Readable {
  const all = [...catalog.objects.values()].flatMap((object) => object.fields.map((field) => ({ object, field })))
  const ids = all.filter((on) => isReadable(permissions, on)).map(({ field }) => field.id)
  const list = JSON.stringify(ids)
  return { ids: new Set(ids), list: () => list }
}

const isReadable = (permissions: Permissions, { object, field }: FieldOn): boolean =>
  permissions.object(object.name).canRead(field.name)

/** Whether the caller may read all of these fields, by their ids. */
export function seesSources({ catalog, permissions, system }: AccessContext, ids: readonly string[]): boolean {
  if (system !== undefined || permissions.readsAll) return true
  const readable = readableFields(permissions, catalog).ids
  return ids.every((id) => readable.has(id))
}

/** Whether nothing keeps rows of the object from the caller. */
export const seesEveryRow = ({ permissions, system }: AccessContext, object: ObjectDef): boolean =>
  system !== undefined ||
  (permissions.rowFilter?.(object.name) === undefined &&
    (permissions.readsAll || accessReferences(object).every((field) => readsTargets(permissions, field))))

const readsTargets = (permissions: Permissions, { reference }: FieldDef): boolean =>
  reference !== undefined && !reference.any && reference.to.every((name) => permissions.object(name).read)

/** Whether the caller may read all of these fields; undefined stands for one that is not there. */
export const seesFields = ({ permissions, system }: AccessContext, fields: readonly (FieldOn | undefined)[]): boolean =>
  system !== undefined || fields.every((on) => on !== undefined && isReadable(permissions, on))

/** Whether the caller may read everything that these paths of formulas on `object` read, hop by hop. */
export const seesPaths = (context: AccessContext, object: string, paths: readonly string[]): boolean =>
  paths.every((path) => seesFields(context, fieldsOn(context.catalog, object, path)))
