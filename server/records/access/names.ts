/** Names a query may use, as its caller sees them: what is hidden does not exist, so both cases give the same answer and the same words. */
import type { ChildRelationship, FieldDef, ObjectDef } from '#metadata'
import type { Finding } from '#util'
import type { AccessContext } from './authorized.ts'
import { referenceTargets } from './object-access.ts'

export const noField = (name: string, object: string): Finding => ({
  code: 'UNKNOWN_FIELD',
  severity: 'error',
  message: `No field ${name} on ${object}.`,
})
export const noObject = (name: string): Finding => ({
  code: 'UNKNOWN_OBJECT',
  severity: 'error',
  message: `No object ${name}.`,
})

export function readableObject(context: AccessContext, name: string): ObjectDef | undefined {
  const object = context.catalog.objects.get(name)
  return object && context.permissions.object(object.name).read ? object : undefined
}

/** Names are exact here: the graphql room writes them as the catalog does. */
export function readableField(context: AccessContext, object: ObjectDef, name: string): FieldDef | undefined {
  const field = object.field(name)
  return field && field.name === name && context.permissions.object(object.name).canRead(field.name) ? field : undefined
}

/** The reference followed under this name, when the caller may read it and at least one object it may point to. */
export function readableParent(
  context: AccessContext,
  object: ObjectDef,
  relationship: string,
): { field: FieldDef; objects: string[] } | undefined {
  const field = object.parent(relationship)
  if (
    !field?.reference ||
    field.reference.relationshipName !== relationship ||
    !readableField(context, object, field.name)
  )
    return undefined
  const targets = field.reference.any
    ? [...context.catalog.objects.keys()]
    : referenceTargets(field, object, context.catalog)
  const objects = targets.filter((target) => context.permissions.object(target).read)
  return objects.length > 0 ? { field, objects } : undefined
}

export function readableChildren(
  context: AccessContext,
  object: ObjectDef,
  relationship: string,
): { child: ChildRelationship; object: ObjectDef } | undefined {
  const child = object.children.get(relationship)
  const childObject = child && readableObject(context, child.object)
  if (!child || !childObject || !readableField(context, childObject, child.field)) return undefined
  return { child, object: childObject }
}

const MAX_SHARED = 8

/** Of the objects that a reference may name, those that have the field for the caller, all with the same kind of value; none when they are too many to join. */
export function sharedTargets(context: AccessContext, objects: readonly string[], name: string): ObjectDef[] {
  const found = objects
    .map((object) => context.catalog.objects.get(object)!)
    .filter((object) => readableField(context, object, name))
  const storage = found[0]?.field(name)?.storage
  return found.length > MAX_SHARED
    ? []
    : found.filter((object) => object.field(name)?.storage === storage && storage !== 'none')
}
