import type { Catalog } from '../catalog.ts'
import type { FieldDocument } from '../documents.ts'
import { splitName } from '../names.ts'
import type { Report } from '../report.ts'

/** What decides about the values that a picklist offers. */
export function checkControl({ name, valueSet }: FieldDocument, catalog: Catalog, report: Report): void {
  const control =
    valueSet?.controllingField === undefined
      ? undefined
      : catalog.object(splitName(name)[0])?.field(valueSet.controllingField)
  if (!control) return
  checkControlRing(name, catalog, report)
  if (!valueSet?.dependencies) return
  if (!control.picklist && control.type !== 'Checkbox')
    return report({
      code: 'BAD_CONTROL',
      path: 'valueSet.controllingField',
      message: `${control.name} is neither a picklist nor a checkbox.`,
      hint: 'Name one of those.',
    })
  const known = new Set(control.picklist?.values.map((v) => v.value) ?? ['true', 'false'])
  const own = new Set(valueSet.values.map((v) => v.value))
  for (const [key, values] of Object.entries(valueSet.dependencies)) {
    if (!known.has(key))
      report({
        code: 'UNKNOWN_VALUE',
        path: `valueSet.dependencies.${key}`,
        message: `${control.name} has no value ${key}.`,
        hint: 'Correct the key.',
      })
    for (const value of values)
      if (!own.has(value))
        report({
          code: 'UNKNOWN_VALUE',
          path: `valueSet.dependencies.${key}`,
          message: `This picklist has no value ${value}.`,
          hint: 'Add it to `values` or take it out here.',
        })
  }
}

/** Of picklists that control each other none could be filled first; one of them says so. */
function checkControlRing(name: string, catalog: Catalog, report: Report): void {
  const [object, first] = splitName(name)
  const controllerOf = (field: string): string | undefined => {
    const control = catalog.object(object)?.field(field)?.picklist?.controllingField
    return control && catalog.object(object)?.field(control)?.name
  }
  const way = [first]
  for (let next = controllerOf(first); next !== undefined && next >= first; next = controllerOf(next)) {
    const known = way.indexOf(next)
    way.push(next)
    if (known > 0) return
    if (known === 0)
      return report({
        code: 'CONTROL_RING',
        path: 'valueSet.controllingField',
        message: `Each of these picklists is controlled by the next: ${way.join(' → ')}.`,
        hint: 'Take `controllingField` out of one of them.',
      })
  }
}
