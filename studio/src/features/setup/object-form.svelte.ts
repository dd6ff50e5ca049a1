import type { DocumentChange } from '$lib/api/set-up.ts'
import { catalog } from '$lib/state/catalog.svelte.ts'
import { granting, type Accesses, type PermissionSetDocument } from './access.ts'
import { apiNameOf, nameProblem, pluralOf } from './api-name.ts'
import { Change } from './change.svelte.ts'

/** A new object, with the layout and the list view that make it usable at once, and the permission sets that open it. */
export class ObjectForm extends Change {
  label = $state('')
  /** These follow the label until somebody types there. */
  ownPlural = $state<string>()
  ownName = $state<string>()
  description = $state('')
  nameType = $state<'Text' | 'AutoNumber'>('Text')
  nameLabel = $state('Name')
  displayFormat = $state('{00000}')
  enableProcesses = $state(true)
  access = $state<Accesses>({})

  constructor() {
    super([])
  }
  readonly name: string = $derived(this.ownName ?? apiNameOf(this.label))
  readonly plural: string = $derived(this.ownPlural ?? pluralOf(this.label.trim()))

  async review(permissionSets: readonly PermissionSetDocument[]): Promise<void> {
    const refused = this.refuse({
      label: this.label.trim() ? undefined : 'Give the object a label.',
      name: nameProblem(this.name, catalog.objects.map((o) => o.name)), // prettier-ignore
      nameLabel: this.nameLabel.trim() ? undefined : 'Give the name field a label.',
    })
    if (refused) return
    await this.makePlan(this.changes(permissionSets))
  }

  changes(permissionSets: readonly PermissionSetDocument[]): readonly DocumentChange[] {
    const documents = [this.#object(), this.#layout(), this.#view()]
    return [
      ...documents.map((document) => ({ kind: document.kind, name: document.name, document })),
      ...granting(permissionSets, this.access, this.name, (access) =>
        access === 'read' ? { read: true } : { create: true, read: true, edit: true, fields: this.#editable() },
      ),
    ]
  }

  /** What there is to be filled in before the object has fields of its own. */
  #editable(): { readonly [field: string]: 'edit' } {
    const name = this.nameType === 'Text' ? ['Name'] : []
    const fields = [...name, 'OwnerId', ...this.#ifTracked('EntitlementId', 'SlaStartDate', 'BusinessHoursId')]
    return Object.fromEntries(fields.map((field) => [field, 'edit']))
  }

  #object() {
    const { nameType: type, displayFormat } = this
    return {
      kind: 'Object',
      name: this.name,
      label: this.label.trim(),
      pluralLabel: this.plural,
      nameField: { label: this.nameLabel.trim(), type, ...(type === 'AutoNumber' ? { displayFormat } : {}) },
      ...(this.description.trim() ? { description: this.description.trim() } : {}),
      ...(this.enableProcesses ? { enableProcesses: true } : {}),
    }
  }

  #layout() {
    const section = (label: string, ...fields: string[]) => ({ label, columns: 2, fields })
    const promise = section('Service promise', 'EntitlementId', 'MilestoneStatus', 'NextTargetDate', 'SlaStartDate')
    return {
      kind: 'Layout',
      name: `${this.name}.Default`,
      label: this.label.trim(),
      highlights: ['OwnerId', ...this.#ifTracked('NextTargetDate')],
      sections: [
        section(this.label.trim(), 'Name', 'OwnerId'),
        ...this.#ifTracked(promise),
        section('System', 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById'),
      ],
    }
  }

  #view() {
    return {
      kind: 'ListView',
      name: `${this.name}.All`,
      label: `All ${this.plural}`,
      columns: ['Name', 'OwnerId', ...this.#ifTracked('NextTargetDate', 'MilestoneStatus'), 'CreatedDate'],
      sort: [{ field: 'CreatedDate', direction: 'desc' }],
    }
  }

  #ifTracked<T>(...what: readonly T[]): readonly T[] {
    return this.enableProcesses ? what : []
  }
}
