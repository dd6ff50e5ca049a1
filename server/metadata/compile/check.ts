import type { Finding } from '#util'
import type { FormulaOptions } from '#formula'
import type { Catalog } from '../catalog.ts'
import type { Document } from '../documents.ts'
import { isFired, NOT_FIRED } from '../formula-globals.ts'
import { walk } from '../formula-scope.ts'
import { kindOf, type Slot } from '../kinds/index.ts'
import { SCOPED_KINDS, splitName } from '../names.ts'
import { jsonPath, reporter, type Report } from '../report.ts'
import { didYouMean } from '../suggest.ts'
import { defaultOptions, type FormulaCompiler } from './formulas.ts'

/** Checks what documents say of each other, and compiles the formulas that no object carries. */
export function checkDocuments(
  documents: readonly Document[],
  catalog: Catalog,
  formulas: FormulaCompiler,
  findings: Finding[],
): void {
  for (const document of documents) {
    const report = reporter(findings, document)
    if (!checkOwner(document, catalog, report)) continue
    const entry = kindOf(document)
    for (const slot of entry.slots(document, catalog)) checkSlot(slot, catalog, formulas, report)
    entry.check?.(document, catalog, report)
  }
}

/** A field, rule, layout or list view needs its object. */
function checkOwner(document: Document, catalog: Catalog, report: Report): boolean {
  const [object] = splitName(document.name)
  if (!SCOPED_KINDS.has(document.kind) || catalog.objects.has(object)) return true
  unknown(report, 'UNKNOWN_OBJECT', 'name', `There is no object ${object}.`, object, catalog.objects.keys())
  return false
}

function checkSlot(slot: Slot, catalog: Catalog, formulas: FormulaCompiler, report: Report): void {
  const path = jsonPath(slot.at)
  if (slot.is === 'document') {
    const known = catalog.documents.get(slot.kind)
    if (!known?.has(slot.name))
      unknown(
        report,
        `UNKNOWN_${slot.kind.toUpperCase()}`,
        path,
        `There is no ${LABELS[slot.kind] ?? slot.kind} ${slot.name}.`,
        slot.name,
        known?.keys() ?? [],
      )
    return
  }
  const object = catalog.object(slot.object)
  if (!object) return
  if (slot.is === 'field') return checkField(catalog, slot, path, report)
  if (slot.is === 'formula') return checkFormula(slot, catalog, formulas, report)
  const known =
    slot.is === 'child'
      ? [...object.children.keys()]
      : object.fields.flatMap((f) => f.reference?.relationshipName ?? [])
  const found = slot.is === 'child' ? object.children.has(slot.name) : object.parent(slot.name) !== undefined
  if (!found)
    unknown(
      report,
      'UNKNOWN_RELATIONSHIP',
      path,
      `${object.name} has no ${slot.is === 'child' ? 'list' : 'parent'} named ${slot.name}.`,
      slot.name,
      known,
    )
}

const LABELS: { readonly [kind: string]: string } = {
  Object: 'object',
  Action: 'action',
  EmailTemplate: 'e-mail template',
}

function checkField(catalog: Catalog, slot: Slot & { is: 'field' }, path: string, report: Report): void {
  const { object: objectName, fired } = slot
  const segments = slot.path.split('.')
  if (isFired(segments) && !fired) return report({ code: 'UNKNOWN_FIELD', path, message: NOT_FIRED })
  const base = catalog.object(objectName)
  const place = base && walk(catalog, base, segments.slice(0, -1))
  const name = segments.at(-1) ?? ''
  if (!place)
    return report({
      code: 'UNKNOWN_RELATIONSHIP',
      path,
      message: `${objectName} has no parent that is followed as ${segments.slice(0, -1).join('.')}.`,
      hint: didYouMean(segments[0] ?? '', base?.fields.flatMap((f) => f.reference?.relationshipName ?? []) ?? []),
    })
  if (place.object.field(name)) return
  unknown(
    report,
    'UNKNOWN_FIELD',
    path,
    `There is no field ${name} on ${place.object.name}.`,
    name,
    place.object.fields.map((f) => f.name),
  )
}

function checkFormula(
  slot: Slot & { is: 'formula' },
  catalog: Catalog,
  formulas: FormulaCompiler,
  report: Report,
): void {
  if (slot.compiled) return
  const { findings } = formulas.compile(slot.source, slot.object, optionsOf(slot, catalog), slot.fired)
  const offset = slot.offset ?? 0
  for (const f of findings)
    report({
      ...f,
      path: jsonPath(slot.at),
      ...(f.at && { at: { start: f.at.start + offset, end: f.at.end + offset } }),
    })
}

/** The options a slot's formula is compiled under: its own, or those of the field that takes the result. */
export function optionsOf(slot: Slot & { is: 'formula' }, catalog: Catalog): Omit<FormulaOptions, 'scope'> {
  const field = slot.into && catalog.object(slot.into.object)?.field(slot.into.field)
  return { ...(field && defaultOptions(field)), ...slot.options }
}

function unknown(
  report: Report,
  code: string,
  path: string,
  message: string,
  name: string,
  candidates: Iterable<string>,
): void {
  report({ code, path, message, hint: didYouMean(name, [...candidates]) ?? 'Correct the name, or add it first.' })
}
