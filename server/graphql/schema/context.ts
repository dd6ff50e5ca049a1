/** What every type builder needs: the catalog, what the caller may see, and the way to other types by name. */
import { GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, type GraphQLNamedType } from 'graphql'
import { polymorphicName, type Catalog, type FieldDef, type ObjectDef } from '#metadata'
import { mayImport } from '#records'
import type { Permissions } from '#records'
import { ANY_RECORD, typeName, type TypeRole } from '../names.ts'

export interface Features {
  /** The clock only moves when told: `clockAdvance` exists for admins. */
  readonly manualClock: boolean
}

export interface SchemaContext {
  readonly catalog: Catalog
  readonly permissions: Permissions
  readonly features: Features
  readonly type: (name: string) => GraphQLNamedType | undefined
}

export const objectType = (context: SchemaContext, object: string, role: TypeRole): GraphQLObjectType =>
  expect(context, typeName(object, role), GraphQLObjectType)

export const inputType = (context: SchemaContext, object: string, role: TypeRole): GraphQLInputObjectType =>
  expect(context, typeName(object, role), GraphQLInputObjectType)

export function expect<T extends GraphQLNamedType>(
  context: SchemaContext,
  name: string,
  kind: abstract new (...args: never[]) => T,
): T {
  const type = context.type(name)
  if (type instanceof kind) return type
  throw new Error(`The schema has no type ${name}`)
}

export const canRead = (context: SchemaContext, object: string): boolean => context.permissions.object(object).read

export function readableFields(context: SchemaContext, object: ObjectDef): readonly FieldDef[] {
  const access = context.permissions.object(object.name)
  return object.fields.filter((field) => access.canRead(field.name))
}

/** Fields a caller may set. System fields, formulas and those the platform keeps are never among them; who may import brings auto-numbers. */
export function writableFields(context: SchemaContext, object: ObjectDef, creating: boolean): readonly FieldDef[] {
  const access = context.permissions.object(object.name)
  return object.fields.filter(
    (field) =>
      (!field.readOnly && (creating || !field.createOnly) && access.canEdit(field.name)) ||
      (creating && access.canRead(field.name) && mayImport(context.permissions, field)),
  )
}

/** Readable objects a reference may point to; for a reference to any object, those that hold working records. */
export function targetsOf(context: SchemaContext, field: FieldDef): readonly ObjectDef[] {
  if (!field.reference) return []
  const all = field.reference.any
    ? [...context.catalog.objects.values()].filter((object) => !object.platform && !object.setup)
    : field.reference.to.map((name) => context.catalog.object(name)).filter((object) => object !== undefined)
  return all.filter((object) => canRead(context, object.name))
}

/** The output type of a relationship: the one object, or an interface over several. */
export function parentType(
  context: SchemaContext,
  field: FieldDef,
): GraphQLObjectType | GraphQLInterfaceType | undefined {
  if (!field.reference) return undefined
  const targets = targetsOf(context, field)
  if (!targets.length) return undefined
  if (!field.reference.polymorphic) return objectType(context, targets[0]!.name, 'record')
  return expect(context, field.reference.any ? ANY_RECORD : polymorphicName(field.reference.to), GraphQLInterfaceType)
}

/** Child lists the caller may see: the child object and the reference both readable. */
export function readableChildren(context: SchemaContext, object: ObjectDef): { name: string; object: ObjectDef }[] {
  const found = []
  for (const child of object.children.values()) {
    const target = context.catalog.object(child.object)
    if (target && canRead(context, target.name) && context.permissions.object(target.name).canRead(child.field))
      found.push({ name: child.name, object: target })
  }
  return found
}

const members = new WeakMap<Catalog, ReadonlyMap<string, readonly string[]>>()

/** Objects of the interfaces, by interface name; computed once per catalog. */
export function interfaceMembers(catalog: Catalog): ReadonlyMap<string, readonly string[]> {
  const known = members.get(catalog) ?? findInterfaceMembers(catalog)
  members.set(catalog, known)
  return known
}

function findInterfaceMembers(catalog: Catalog): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>([[ANY_RECORD, [...catalog.objects.keys()]]])
  for (const object of catalog.objects.values())
    for (const { reference } of object.fields)
      if (reference?.polymorphic && reference.to.length > 0) found.set(polymorphicName(reference.to), reference.to)
  return found
}
