import { messageOf, type FieldError } from '$lib/api/errors.ts'
import type { FieldInfo, ObjectDetail } from '$lib/api/metadata.ts'
import { createRecord, updateRecord, type RecordData, type Saved } from '$lib/api/records.ts'
import { entryOf, problemOf } from '$lib/fields/registry.ts'

export interface Conflict {
  readonly field: FieldInfo
  readonly current: unknown
  readonly yours: unknown
}
type Values = { readonly [field: string]: unknown }

/** Changes to a record that are not saved yet. They live in sessionStorage, so that neither a click nor a reload loses them. */
export class RecordDraft {
  changes = $state.raw<Values>({})
  errors = $state.raw<{ readonly [field: string]: string }>({})
  general = $state.raw<readonly string[]>([])
  conflicts = $state.raw<readonly Conflict[]>([])
  saving = $state(false)
  /** The record's version when editing began. */
  version: number | undefined
  readonly #object: ObjectDetail
  readonly #id: string | undefined
  readonly #key: string

  constructor(object: ObjectDetail, id: string | undefined) {
    this.#object = object
    this.#id = id
    this.#key = `milepost.draft.${id ?? `new.${object.name}`}`
    this.#restore()
  }

  readonly dirty: boolean = $derived(Object.keys(this.changes).length > 0)

  value(field: string, record: Values | undefined): unknown {
    return field in this.changes ? this.changes[field] : record?.[field]
  }

  /** A value put back to what it was is no change. */
  set(field: FieldInfo, value: unknown, record: Values | undefined): void {
    const same = record && JSON.stringify(record[field.name] ?? null) === JSON.stringify(value ?? null)
    const { [field.name]: _, ...rest } = this.changes
    this.changes = same ? rest : { ...this.changes, [field.name]: value }
    this.#setError(field.name, this.errors[field.name] ? problemOf(field, value) : undefined)
    this.#keep()
  }

  #setError(field: string, message: string | undefined) {
    const { [field]: _, ...rest } = this.errors
    this.errors = message ? { ...rest, [field]: message } : rest
  }

  /** What the studio can see for itself, in the order of the page; the server checks again and knows more. */
  check(fields: readonly FieldInfo[], record: Values | undefined): boolean {
    const found = fields.flatMap((f) => {
      const problem = entryOf(f).control === 'none' ? undefined : problemOf(f, this.value(f.name, record))
      return problem ? [[f.name, problem] as const] : []
    })
    this.errors = Object.fromEntries(found)
    this.general = []
    return found.length === 0
  }

  /** The saved record, or undefined when something is to be mended: then `errors`, `general` or `conflicts` say what. */
  async save(given: Values = this.changes): Promise<RecordData | undefined> {
    this.saving = true
    this.conflicts = []
    try {
      const saved = this.#id
        ? await updateRecord(this.#object.name, this.#id, given, this.version)
        : await createRecord(this.#object.name, given)
      return this.#settle(saved)
    } catch (error) {
      this.general = [messageOf(error)]
      return undefined
    } finally {
      this.saving = false
    }
  }

  #settle({ errors, record }: Saved): RecordData | undefined {
    if (errors.length) return void this.#refuse(errors)
    this.clear()
    return record ?? ({ Id: this.#id ?? '' } as RecordData)
  }

  #refuse(errors: readonly FieldError[]) {
    const known = (e: FieldError) => e.field && this.#object.fields.some((f) => f.name === e.field)
    this.errors = Object.fromEntries(errors.filter(known).map((e) => [e.field!, e.message]))
    this.general = errors.filter((e) => !known(e)).map((e) => e.message)
    this.conflicts = errors.flatMap((e) => Object.entries(e.conflict ?? {})).flatMap(([name, both]) => {
      const field = this.#object.fields.find((f) => f.name === name)
      return field ? [{ field, ...both }] : []
    }) // prettier-ignore
  }

  /** Keeps the record's present value instead of one's own. */
  giveUp(fields: readonly string[]) {
    this.changes = Object.fromEntries(Object.entries(this.changes).filter(([name]) => !fields.includes(name)))
    this.#keep()
  }

  clear() {
    this.changes = {}
    this.errors = {}
    this.general = []
    this.conflicts = []
    this.#keep()
  }

  #restore() {
    try {
      this.changes = JSON.parse(sessionStorage.getItem(this.#key) ?? '{}')
    } catch {
      this.changes = {}
    }
  }

  #keep() {
    try {
      if (this.dirty) sessionStorage.setItem(this.#key, JSON.stringify(this.changes))
      else sessionStorage.removeItem(this.#key)
    } catch {
      // Without storage the draft lives as long as the page.
    }
  }
}
