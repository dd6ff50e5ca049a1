/** What a path means in a formula, in the browser: the server's own rules over the metadata that this user may see, parents read when a path first leads there. */
import { compile, type CompiledFormula, type Scope } from '#formula'
import { formulaScope, MAX_HOPS, type ObjectsByName } from '#metadata/formula-scope'
import type { FieldDef, ObjectDef } from '#metadata'
import type { FieldInfo, LabelInfo, ObjectDetail, ObjectInfo } from '../api/metadata.ts'
import { formulaFieldOptions } from './places.ts'

type Known = Pick<ObjectInfo, 'name' | 'customSettingsType'>

/** Where objects come from: the studio's catalog, or a test's. */
export interface ObjectSource {
  info(name: string): Known | undefined
  readonly objects: readonly Known[]
  readonly labels: readonly LabelInfo[]
  /** null = asked for and not there; undefined = not asked for yet. */
  detail(name: string): ObjectDetail | null | undefined
  loadMany(names: readonly string[]): Promise<void>
}

/** The scopes of one metadata source. What was missing is noted while a formula is checked, then read, then the formula is checked again. */
export class FormulaScopes {
  readonly #source: ObjectSource
  readonly #missing = new Set<string>()
  readonly #defs = new WeakMap<ObjectDetail, ObjectDef>()
  readonly #formulas = new WeakMap<FieldDef, CompiledFormula>()
  readonly #open = new Set<string>()

  constructor(source: ObjectSource) {
    this.#source = source
  }

  scope(object: string): Scope {
    return formulaScope(this.#objects, object, (from, field) => this.#formulaOf(from, field))
  }

  /** Does the work again until every object that it looked into is here. */
  async settled<T>(work: () => T): Promise<T> {
    for (let round = 0; ; round++) {
      this.#missing.clear()
      const result = work()
      const missing = [...this.#missing]
      if (missing.length === 0 || round > MAX_HOPS) return result
      await this.#source.loadMany(missing)
    }
  }

  readonly #objects: ObjectsByName = {
    object: (name) => {
      const info = this.#source.info(name)
      const detail = info && this.#source.detail(info.name)
      if (!info || detail === null) return undefined
      return detail ? this.#defOf(detail) : this.#unread(info)
    },
    label: (name) => this.#source.labels.find((label) => label.name.toLowerCase() === name.toLowerCase()),
    labels: () => this.#source.labels,
    settings: () => this.#source.objects.flatMap((o) => (o.customSettingsType === 'Hierarchy' ? [o.name] : [])),
    names: () => this.#source.objects.map((o) => o.name),
  }

  #defOf(detail: ObjectDetail): ObjectDef {
    const present = this.#defs.get(detail)
    if (present) return present
    const def = objectDef(detail)
    this.#defs.set(detail, def)
    return def
  }

  /** Known by name only: whoever looks inside has it read. */
  #unread({ name, customSettingsType }: Known): ObjectDef {
    const wanted = <T>(answer: T): T => {
      this.#missing.add(name)
      return answer
    }
    const stub = { name, customSettingsType, field: () => wanted(undefined), parent: () => wanted(undefined), get fields() { return wanted([]) } } // prettier-ignore
    return stub as unknown as ObjectDef
  }

  /** A formula that reads itself, however far around, stays without; the server's plan names the circle. */
  #formulaOf(object: ObjectDef, field: FieldDef): CompiledFormula | undefined {
    const present = this.#formulas.get(field)
    const name = `${object.name}.${field.name}`
    if (present || this.#open.has(name)) return present
    const before = this.#missing.size
    this.#open.add(name)
    const { formula } = compile(field.document?.formula ?? '', { ...formulaFieldOptions(field.document?.formulaType, field.scale, field.document?.treatBlanksAs), scope: this.scope(object.name) }) // prettier-ignore
    this.#open.delete(name)
    if (formula && this.#missing.size === before) this.#formulas.set(field, formula)
    return formula
  }
}

/** The part of a catalog's object that formulas ask for. */
function objectDef(detail: ObjectDetail): ObjectDef {
  const fields = detail.fields.map(fieldDef)
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]))
  const parents = new Map(
    fields.flatMap((field) => (field.reference ? [[field.reference.relationshipName.toLowerCase(), field]] : [])),
  )
  const def = {
    name: detail.name,
    label: detail.label,
    customSettingsType: detail.customSettingsType ?? undefined,
    fields,
    field: (name: string) => byName.get(name.toLowerCase()),
    parent: (name: string) => parents.get(name.toLowerCase()),
  }
  return def as unknown as ObjectDef
}

const ROLLUP_STORAGE: { readonly [type: string]: string } = { Date: 'date', DateTime: 'datetime' }

function fieldDef(field: FieldInfo): FieldDef {
  const { formula, formulaType, treatBlanksAs, picklist, reference, ...plain } = field
  const def = {
    ...plain,
    length: field.length ?? undefined,
    precision: field.precision ?? 0,
    scale: field.scale ?? 0,
    picklist: picklist ?? undefined,
    reference: reference ?? undefined,
    storage: ROLLUP_STORAGE[formulaType ?? ''] ?? 'integer',
    document: { formula, formulaType, treatBlanksAs },
  }
  return def as unknown as FieldDef
}
