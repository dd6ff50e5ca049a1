import type { FieldType } from '#metadata'
import type { LayoutInfo, ObjectDetail, PicklistValueInfo } from '$lib/api/metadata.ts'
import type { DocumentChange } from '$lib/api/set-up.ts'
import { FIELD_TYPE_ENTRIES } from '$lib/fields/registry.ts'
import type { OptionName } from '$lib/fields/types.ts'
import { granting, type Accesses, type PermissionSetDocument } from './access.ts'
import { apiNameOf, nameProblem } from './api-name.ts'
import { Change } from './change.svelte.ts'

/** A new field with all that the drawer asks: what it is, who may see it, where it stands. */
export class FieldForm extends Change {
  type = $state<FieldType>()
  label = $state('')
  /** Follows the label until somebody types here. */
  ownName = $state<string>()
  help = $state('')
  required = $state(false)
  unique = $state(false)
  indexed = $state(false)
  length = $state(255)
  precision = $state(15)
  scale = $state(0)
  values = $state.raw<readonly PicklistValueInfo[]>([])
  restricted = $state(true)
  referenceTo = $state('')
  listName = $state<string>()
  onDelete = $state<'SetNull' | 'Restrict' | 'Cascade'>('SetNull')
  reparentable = $state(false)
  displayFormat = $state('{00000}')
  formula = $state('')
  formulaType = $state('Text')
  formulaScale = $state(2)
  treatBlanksAs = $state<'zero' | 'blank'>('zero')
  defaultValue = $state('')
  /** Instead of a value: worked out for each new record. */
  defaultFormula = $state('')
  defaultKind = $state<'value' | 'formula'>('value')
  rollup = $state({ object: '', through: '', field: '', operation: 'count' })
  access = $state<Accesses>({})
  /** Layout name → index of the section it goes to; absent = not placed. */
  places = $state<{ [layout: string]: number }>({})

  readonly object: ObjectDetail

  constructor(object: ObjectDetail) {
    super(INPUTS)
    this.object = object
    for (const layout of object.layouts) this.places[layout.name] = 0
  }

  readonly name: string = $derived(this.ownName ?? apiNameOf(this.label))
  readonly entry = $derived(this.type && FIELD_TYPE_ENTRIES[this.type])

  asks(option: OptionName): boolean {
    return this.entry?.options.includes(option) ?? false
  }

  choose(type: FieldType) {
    this.type = type
    this.plan = undefined
    this.scale = type === 'Currency' || type === 'Percent' ? 2 : 0
    this.length = type === 'LongTextArea' || type === 'RichText' ? 32_000 : 255
    this.onDelete = 'SetNull'
    this.reparentable = false
  }

  document(): { readonly [key: string]: unknown } {
    return {
      kind: 'Field',
      name: `${this.object.name}.${this.name}`,
      label: this.label.trim(),
      type: this.type,
      ...(this.help.trim() ? { helpText: this.help.trim() } : {}),
      ...this.#flags(),
      ...this.#options(),
    }
  }

  #flags(): object {
    const on = (option: OptionName, flag: boolean, key: string) => (this.asks(option) && flag ? { [key]: true } : {})
    return {
      ...on('required', this.required, 'required'),
      ...on('unique', this.unique, 'unique'),
      ...on('indexed', this.indexed, 'indexed'),
    }
  }

  #options(): object {
    return {
      ...(this.asks('length') ? { length: this.length } : {}),
      ...(this.asks('digits') ? { precision: this.precision, scale: this.scale } : {}),
      ...(this.asks('valueSet') ? { valueSet: { restricted: this.restricted, values: this.values } } : {}),
      ...(this.asks('reference')
        ? {
            referenceTo: [this.referenceTo],
            ...(this.type === 'MasterDetail' ? this.#reparentable() : { deleteConstraint: this.onDelete }),
            ...(this.#list() ? { childRelationshipName: this.#list() } : {}),
          }
        : {}),
      ...(this.asks('displayFormat') ? { displayFormat: this.displayFormat } : {}),
      ...(this.asks('formula')
        ? {
            formula: this.formula,
            formulaType: this.formulaType,
            treatBlanksAs: this.treatBlanksAs,
            ...(isNumeric(this.formulaType) ? { precision: 15, scale: this.formulaScale } : {}),
          }
        : {}),
      ...(this.asks('rollup') ? { rollup: this.#rollup() } : {}),
      ...(this.asks('default') ? this.#default() : {}),
    }
  }

  /** The related list's API name on the parent: the plural of this object, unless the admin says otherwise. */
  #list(): string {
    return (
      this.listName ??
      this.object.pluralLabel.replaceAll(/[^A-Za-z0-9]+/g, '_') +
        (this.object.custom || this.name.endsWith('__c') ? '__r' : '')
    )
  }

  #reparentable(): object {
    return this.reparentable ? { reparentableMasterDetail: true } : {}
  }

  #rollup(): object {
    const { object, through, field, operation } = this.rollup
    return { object, through, operation, ...(operation === 'count' ? {} : { field }) }
  }

  #default(): object {
    if (this.defaultKind === 'formula')
      return this.defaultFormula.trim() ? { defaultFormula: this.defaultFormula.trim() } : {}
    if (this.type === 'Checkbox') return { defaultValue: this.defaultValue === 'true' }
    const field = { type: this.type!, length: this.length, precision: this.precision, scale: this.scale } as never
    const value = this.defaultValue.trim() === '' ? undefined : this.entry?.fromText(this.defaultValue, field)
    return value === undefined || value === null ? {} : { defaultValue: value }
  }

  check(): boolean {
    return !this.refuse({
      type: this.type ? undefined : 'Choose a type.',
      label: this.label.trim() ? undefined : 'Give the field a label: what people will read.',
      name: nameProblem(this.name, this.object.fields.map((f) => f.name)), // prettier-ignore
      valueSet: this.asks('valueSet') && this.values.length === 0 ? 'Add at least one value.' : undefined,
      referenceTo: this.asks('reference') && !this.referenceTo ? 'Choose the object that it points to.' : undefined,
      formula: this.asks('formula') && !this.formula.trim() ? 'Write the formula.' : undefined,
      rollup:
        this.asks('rollup') && (!this.rollup.object || !this.rollup.through)
          ? 'Choose the related list to summarise.'
          : undefined,
    })
  }

  /** The field itself, the layouts it stands on, the permission sets that grant it: one plan. */
  changes(
    permissionSets: readonly PermissionSetDocument[],
    layouts: readonly (LayoutInfo & { kind: string })[],
  ): readonly DocumentChange[] {
    const field = { kind: 'Field', name: `${this.object.name}.${this.name}`, document: this.document() }
    const placed = layouts
      .filter((l) => this.places[l.name] !== undefined)
      .map((l) => ({ kind: 'Layout', name: l.name, document: place(l, this.places[l.name]!, this.name) }))
    // Reading a field without reading its object would be no use: seeing it grants both.
    const granted = granting(permissionSets, this.access, this.object.name, (access, present) => ({
      ...present,
      read: true,
      fields: { ...present.fields, [this.name]: access },
    }))
    return [field, ...placed, ...granted]
  }

  async review(
    permissionSets: readonly PermissionSetDocument[],
    layouts: readonly (LayoutInfo & { kind: string })[],
  ): Promise<void> {
    if (this.check()) await this.makePlan(this.changes(permissionSets, layouts))
  }
}

export const isNumeric = (formulaType: string): boolean => ['Number', 'Currency', 'Percent'].includes(formulaType)

const INPUTS = [
  'label', 'name', 'type', 'length', 'precision', 'scale', 'valueSet', 'referenceTo', 'formula', 'displayFormat', 'rollup', 'defaultValue',
  'defaultFormula',
] // prettier-ignore

function place(layout: LayoutInfo, section: number, field: string): object {
  return {
    ...layout,
    sections: layout.sections.map((s, i) =>
      i === section && !s.fields.includes(field) ? { ...s, fields: [...s.fields, field] } : s,
    ),
  }
}
