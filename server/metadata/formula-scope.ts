import type { Completion, CompiledFormula, FieldInfo, Scope } from '#formula'
import type { FieldDef, ObjectDef } from './catalog.ts'
import type { CustomLabelDocument } from './documents.ts'
import { formulaTypeOf } from './field-types.ts'
import {
  completionsInside,
  explainGlobal,
  globalCompletions,
  globalPlace,
  isFired,
  isSystem,
  namedThing,
} from './formula-globals.ts'

export const MAX_HOPS = 10

/** Any set of objects that can be asked by name in any letter case: a catalog, or one being built. */
export interface ObjectsByName {
  object(name: string): ObjectDef | undefined
  label(name: string): Label | undefined
  labels(): readonly Label[]
  /** Names of the objects that `$Setup` reads. */
  settings(): readonly string[]
  /** Names of all objects. */
  names(): readonly string[]
}
export type Label = Pick<CustomLabelDocument, 'name' | 'label' | 'value'>

/** How a formula field's own formula is had; while compiling it compiles on demand. */
export type FormulaOf = (object: ObjectDef, field: FieldDef) => CompiledFormula | undefined

/** What paths mean in a formula that stands on `objectName`: own fields, parents, `Owner:User.X`, and what begins with `$`; `fired`: of an action, so that `$Milestone` may be read. */
export function formulaScope(
  objects: ObjectsByName,
  objectName: string,
  formulaOf: FormulaOf = (_, field) => field.formula,
  fired = false,
): Scope {
  const base = objects.object(objectName)
  const reach = (segments: readonly string[]): Place | undefined =>
    base && (fired || !isFired(segments)) ? walk(objects, base, segments) : undefined
  return {
    name: base?.name ?? objectName,
    resolve: (path) => {
      const thing = namedThing(objects, path)
      if (thing) return thing
      const place = reach(path.slice(0, -1))
      const field = place?.object.field(path.at(-1) ?? '')
      return place && field && fieldInfo(place, field, formulaOf)
    },
    complete: (prefix) => {
      const inside = completionsInside(objects, prefix)
      if (inside) return inside
      const place = reach(prefix)
      if (!place) return []
      const own = completions(objects, place)
      return prefix.length === 0 ? [...own, ...globalCompletions(objects, fired)] : own
    },
    explain: (path) => explainGlobal(objects, path, fired),
  }
}

interface Place {
  readonly object: ObjectDef
  /** Canonical segments that lead here. */
  readonly path: readonly string[]
  readonly hops: number
  /** No parents are followed from here. */
  readonly closed?: boolean
}

/** Follows relationship segments from an object; undefined when one of them leads nowhere or there are too many. */
export function walk(objects: ObjectsByName, base: ObjectDef, segments: readonly string[]): Place | undefined {
  const start = globalPlace(objects, segments)
  let place: Place = start ?? { object: base, path: [], hops: 0 }
  for (const segment of segments.slice(start?.length ?? 0)) {
    const next = follow(objects, place, segment)
    if (!next || next.hops > MAX_HOPS) return undefined
    place = next
  }
  return place
}

/** The field that a dotted path leads to; undefined when it leads to none, or is no path. */
export function fieldAt(objects: ObjectsByName, objectName: string, path: string): FieldDef | undefined {
  const segments = path.trim().split('.')
  const base = objects.object(objectName)
  return base && walk(objects, base, segments.slice(0, -1))?.object.field(segments.at(-1) ?? '')
}

/** A field and the object it is of. */
export interface FieldOn {
  readonly object: ObjectDef
  readonly field: FieldDef
}

/** Every field that a path in a formula on `objectName` reads, the references on the way among them; undefined stands for one that is not there. Labels read none. */
export function fieldsOn(objects: ObjectsByName, objectName: string, path: string): readonly (FieldOn | undefined)[] {
  const segments = path.trim().split('.')
  const named = namedThing(objects, segments)
  if (named) return named.names ? [fieldOn(objects.object(named.names.object), named.names.field)] : []
  if (isSystem(segments)) return []
  const base = objects.object(objectName)
  const from = globalPlace(objects, segments)?.length ?? 0
  return segments.slice(from).map((segment, i) => {
    const owner = base && walk(objects, base, segments.slice(0, from + i))?.object
    const last = from + i === segments.length - 1
    return fieldOn(owner, last ? segment : owner?.parent(segment.split(':')[0] ?? '')?.name)
  })
}

function fieldOn(object: ObjectDef | undefined, name = ''): FieldOn | undefined {
  const field = object?.field(name)
  return object && field && { object, field }
}

function follow(objects: ObjectsByName, from: Place, segment: string): Place | undefined {
  const [relationship = '', type] = segment.split(':')
  const reference = from.object.parent(relationship)?.reference
  if (!reference || from.closed) return undefined
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
    ...(field.computed && { moving: true }),
    ...(field.picklist && { picklistValues: field.picklist.values.map((v) => v.value) }),
    ...(formula && { formula, formulaPrefix: place.path.map((p) => `${p}.`).join('') }),
    hops: place.hops + inner,
  }
}

function completions(objects: ObjectsByName, { object, closed }: Place): Completion[] {
  return object.fields.flatMap((field) => {
    const type = formulaTypeOf(field)
    const own: Completion[] = type ? [{ name: field.name, label: field.label, type }] : []
    const reference = field.reference
    if (!reference || reference.any || closed) return own
    const names = reference.polymorphic
      ? reference.to.map((to) => `${reference.relationshipName}:${to}`)
      : [reference.relationshipName]
    const reachable = reference.to.some((to) => objects.object(to))
    return reachable
      ? [...own, ...names.map((name): Completion => ({ name, label: field.label, type: 'Relationship' }))]
      : own
  })
}
