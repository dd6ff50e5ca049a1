import { compile } from '#formula'
import type { CompiledFormula, FormulaOptions } from '#formula'
import { fieldAt, formulaScope, KINDS, optionsOf } from '#metadata'
import type { ActionDocument, Catalog, FieldDef, Slot } from '#metadata'
import { sourceFields } from '../source-fields.ts'

/** Formulas and merge texts of an action, compiled once for a catalog. */
export interface ActionFormulas {
  readonly places: ReadonlyMap<string, Place>
  readonly paths: readonly string[]
  /** Ids of the fields that they name; of a formula field it is the field that is granted, not what it reads. */
  readonly sources: readonly string[]
  /** Why the action can't run, in words. */
  readonly problem?: string
}

/** A formula of an action. Its key: the property or field that takes the result, a path that is read, or a whole merge field `{!Name}`. */
export interface Place {
  readonly formula: CompiledFormula
  /** The formula is nothing but this field. */
  readonly field?: FieldDef
}

const cache = new WeakMap<Catalog, Map<string, ActionFormulas>>()

export function actionFormulas(catalog: Catalog, action: ActionDocument): ActionFormulas {
  const known = cache.get(catalog) ?? new Map<string, ActionFormulas>()
  cache.set(catalog, known)
  const made = known.get(action.name) ?? compileAction(catalog, action)
  known.set(action.name, made)
  return made
}

function compileAction(catalog: Catalog, action: ActionDocument): ActionFormulas {
  const object = catalog.object(action.object)
  if (!object)
    return { places: new Map(), paths: [], sources: [], problem: `There is no object ${action.object} any more.` }
  const places = new Map<string, Place>()
  const problems: string[] = []
  for (const slot of firedSlots(catalog, action)) {
    const { source, options, field } = readingOf(catalog, object.name, slot)
    if (slot.is === 'field' && !field) continue
    const { formula, findings } = compile(source, { ...options, stored: true })
    if (formula) places.set(keyOf(slot), { formula, ...(field && { field }) })
    else problems.push(`${keyOf(slot)}: ${findings.map((f) => f.message).join(' ')}`)
  }
  const paths = [...new Set([...places.values()].flatMap(({ formula }) => formula.paths))]
  const named = [...places.values()].flatMap(({ formula }) => formula.analysis.references.map(({ path }) => path))
  const sources = sourceFields(catalog, object.name, named)
  return { places, paths, sources, ...(problems.length ? { problem: problems.join(' ') } : {}) }
}

type FiredSlot = Slot & { readonly is: 'formula' | 'field' }

/** Everything that the action works out when it runs, its template's texts included. */
function firedSlots(catalog: Catalog, action: ActionDocument): FiredSlot[] {
  const template = action.type === 'EmailAlert' ? catalog.emailTemplates.get(action.template) : undefined
  const texts = template ? KINDS.EmailTemplate.slots(template, catalog) : []
  return [...KINDS.Action.slots(action, catalog), ...texts].filter(
    (slot): slot is FiredSlot => (slot.is === 'formula' || slot.is === 'field') && slot.fired === true,
  )
}

const isMerge = (slot: FiredSlot): slot is FiredSlot & { is: 'formula' } =>
  slot.is === 'formula' && slot.offset !== undefined

const keyOf = (slot: FiredSlot): string =>
  slot.is === 'field' ? slot.path : isMerge(slot) ? `{!${slot.source}}` : String(slot.at.at(-1))

/** A field that is shown or sent is itself: a percent is not divided, a blank stays blank. */
function readingOf(
  catalog: Catalog,
  object: string,
  slot: FiredSlot,
): { source: string; options: FormulaOptions; field: FieldDef | undefined } {
  const scope = formulaScope(catalog, object, undefined, true)
  const source = slot.is === 'formula' ? slot.source : slot.path
  if (slot.is === 'formula' && !isMerge(slot))
    return { source, options: { ...optionsOf(slot, catalog), scope }, field: undefined }
  const info = scope.resolve(source.trim().split('.'))
  const field = info && fieldAt(catalog, object, source)
  return { source, options: { scope, ...(field && { percent: info.percent ?? false, blanks: 'blank' }) }, field }
}
