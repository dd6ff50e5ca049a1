import { didYouMean, KINDS, namesInRows } from '#metadata'
import type { Catalog, FieldDef } from '#metadata'
import { changed, fail } from './draft.ts'
import type { Draft } from './draft.ts'

/** Step 4, names: what a field names is there, and is written as it is called. A row that comes back names nothing that has gone. */
export function checkNames(catalog: Catalog, draft: Draft): void {
  if (draft.operation === 'delete') return
  for (const field of draft.object.fields) {
    if (!field.names || draft.errors.some((e) => e.field === field.name)) continue
    const back = draft.operation === 'undelete' && !(field.name in draft.changes)
    const name = back ? draft.before?.[field.name] : draft.changes[field.name]
    if (typeof name !== 'string' || !(back || changed(draft, field.name))) continue
    const known = namesInRows(catalog, field.names)
    const found = known.has(name) ? name : [...known.keys()].find((one) => one.toLowerCase() === name.toLowerCase())
    if (found === undefined) fail(draft, 'NOT_FOUND', noSuch(field, name, known), field.name)
    else if (!back) draft.changes[field.name] = found
  }
}

function noSuch(field: FieldDef, name: string, known: ReadonlyMap<string, string>): string {
  const kind = KINDS[field.names!].label.toLowerCase()
  return `There is no ${kind} “${name}”. ${didYouMean(name, [...known.keys()]) ?? `Name one that is there, or make it first.`}`
}
