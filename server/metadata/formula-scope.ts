import type { Completion, CompiledFormula, FieldInfo, FormulaType, Scope } from '#formula'
import type { FieldDef, ObjectDef } from './catalog.ts'
import { FIELD_TYPE_FACTS, resultType } from './field-types.ts'

export const MAX_HOPS = 10
const GLOBALS: { readonly [name: string]: string } = { $user: 'User', $organization: 'Organization' }

/** Any set of objects that can be asked by name in any letter case: a catalog, or one being built. */
export interface ObjectsByName {
  object(name: string): ObjectDef | undefined
}
/** How a formula field's own formula is had; while compiling it compiles on demand. */
export type FormulaOf = (object: ObjectDef, field: FieldDef) => CompiledFormula | undefined

/** What paths mean in a formula that stands on `objectName`: own fields, parents, `Owner:User.X`, `$User.X`, `$Organization.X`. */
export function formulaScope(
  objects: ObjectsByName,
  objectName: string,
  formulaOf: FormulaOf = (_, field) => field.formula,
): Scope {
  const base = objects.object(objectName)
  return {
    name: base?.name ?? objectName,
    resolve: (path) => {
      const place = base && walk(objects, base, path.slice(0, -1))
      const field = place?.object.field(path.at(-1) ?? '')
      return place && field && fieldInfo(place, field, formulaOf)
    },
    complete: (prefix) => {
      const place = base && walk(objects, base, prefix)
      return place ? [...completions(objects, place.object), ...(prefix.length === 0 ? globals(objects) : [])] : []
    },
  }
}

interface Place {
  readonly object: ObjectDef
  /** Canonical segments that lead here. */
  readonly path: readonly string[]
  readonly hops: number
}

/** Follows relationship segments from an object; undefined when one of them leads nowhere or there are too many. */
export function walk(objects: ObjectsByName, base: ObjectDef, segments: readonly string[]): Place | undefined {
  let place: Place = { object: base, path: [], hops: 0 }
  for (const [i, segment] of segments.entries()) {
    const next = (i === 0 && globalPlace(objects, segment)) || follow(objects, place, segment)
    if (!next || next.hops > MAX_HOPS) return undefined
    place = next
  }
  return place
}

function globalPlace(objects: ObjectsByName, segment: string): Place | undefined {
  const name = GLOBALS[segment.toLowerCase()]
  const object = name === undefined ? undefined : objects.object(name)
  return object && { object, path: [`$${object.name}`], hops: 0 }
}

function follow(objects: ObjectsByName, from: Place, segment: string): Place | undefined {
  const [relationship = '', type] = segment.split(':')
  const reference = from.object.parent(relationship)?.reference
  if (!reference) return undefined
  const target = targetOf(objects, reference, type)
  if (!target) return undefined
  const step = reference.polymorphic ? `${reference.relationshipName}:${target.name}` : reference.relationshipName
  return { object: target, path: [...from.path, step], hops: from.hops + 1 }
}

/** A polymorphic reference must say which object is meant; a plain one must not. */
function targetOf(
  objects: ObjectsByName,
  reference: NonNullable<FieldDef['reference']>,
  type?: string,
): ObjectDef | undefined {
  if (!reference.polymorphic) return type === undefined ? objects.object(reference.to[0] ?? '') : undefined
  const target = type === undefined ? undefined : objects.object(type)
  return target && (reference.any || reference.to.includes(target.name)) ? target : undefined
}

export function formulaTypeOf(field: FieldDef): FormulaType | undefined {
  if (field.type === 'Formula') return resultType(field.document?.formulaType ?? 'Text')
  if (field.type !== 'RollupSummary') return FIELD_TYPE_FACTS[field.type].formula
  return field.storage === 'date' ? 'Date' : field.storage === 'datetime' ? 'DateTime' : 'Number'
}

function fieldInfo(place: Place, field: FieldDef, formulaOf: FormulaOf): FieldInfo | undefined {
  const type = formulaTypeOf(field)
  if (!type) return undefined
  const formula = field.type === 'Formula' ? formulaOf(place.object, field) : undefined
  const inner = Math.max(0, ...(formula?.analysis.references.map((r) => r.hops) ?? []))
  if (place.hops + inner > MAX_HOPS) return undefined
  const numeric = type === 'Number'
  return {
    path: [...place.path, field.name].join('.'),
    label: field.label,
    type,
    percent: field.type === 'Percent' || (field.type === 'Formula' && field.document?.formulaType === 'Percent'),
    ...(numeric && { scale: field.scale, precision: field.precision }),
    ...(field.length !== undefined && { length: field.length }),
    nullable: !(field.type === 'Checkbox' || (field.origin === 'system' && field.required && place.hops === 0)),
    ...(field.picklist && { picklistValues: field.picklist.values.map((v) => v.value) }),
    ...(formula && { formula, formulaPrefix: place.path.map((p) => `${p}.`).join('') }),
    hops: place.hops + inner,
  }
}

function completions(objects: ObjectsByName, object: ObjectDef): Completion[] {
  return object.fields.flatMap((field) => {
    const type = formulaTypeOf(field)
    const own: Completion[] = type ? [{ name: field.name, label: field.label, type }] : []
    const reference = field.reference
    if (!reference || reference.any) return own
    const names = reference.polymorphic
      ? reference.to.map((to) => `${reference.relationshipName}:${to}`)
      : [reference.relationshipName]
    const reachable = reference.to.some((to) => objects.object(to))
    return reachable
      ? [...own, ...names.map((name): Completion => ({ name, label: field.label, type: 'Relationship' }))]
      : own
  })
}

const globals = (objects: ObjectsByName): Completion[] =>
  Object.values(GLOBALS).flatMap((name) =>
    objects.object(name) ? [{ name: `$${name}`, type: 'Relationship' as const }] : [],
  )
