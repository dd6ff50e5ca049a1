import { SvelteMap } from 'svelte/reactivity'
import { readObjects, type LabelInfo, type ObjectDetail, type ObjectInfo, type ObjectList } from '../api/metadata.ts'

/** The objects this user may see, and the details of those that were looked at. Read again when an admin changes the metadata. */
class CatalogState {
  version = $state(0)
  objects = $state.raw<readonly ObjectInfo[]>([])
  labels = $state.raw<readonly LabelInfo[]>([])
  #details = new SvelteMap<string, ObjectDetail | null>()
  #reading = new Map<string, Promise<void>>()

  show({ version, objects, labels }: ObjectList) {
    this.version = version
    this.objects = objects
    this.labels = labels
  }

  /** Objects that stand in the navigation: neither set-up nor the platform's own rows. */
  readonly working = $derived(this.objects.filter((o) => !o.setup && !o.platform && o.access.read))
  readonly #byName = $derived(new Map(this.objects.map((o) => [o.name.toLowerCase(), o])))
  readonly #byPrefix = $derived(new Map(this.objects.map((o) => [o.keyPrefix, o])))

  info(name: string): ObjectInfo | undefined {
    return this.#byName.get(name.toLowerCase())
  }

  /** A polymorphic id names its object by its first three characters. */
  infoOfId(id: string): ObjectInfo | undefined {
    return this.#byPrefix.get(id.slice(0, 3))
  }

  /** Details as far as they are here; reading them makes the caller re-run when they arrive or change. */
  detail(name: string): ObjectDetail | null | undefined {
    return this.#details.get(name)
  }

  async load(name: string): Promise<ObjectDetail | null> {
    await this.loadMany([name])
    return this.#details.get(name) ?? null
  }

  /** Several objects in one request; those that are here are not asked for again. */
  async loadMany(names: readonly string[]): Promise<void> {
    const missing = [...new Set(names)].filter((name) => !this.#details.has(name) && !this.#reading.has(name))
    if (missing.length) this.#read(missing)
    await Promise.all(names.map((name) => this.#reading.get(name)))
  }

  #read(names: readonly string[]): void {
    const reading = readObjects(names)
      .then((details) => names.forEach((name, i) => this.#details.set(name, details[i] ?? null)))
      .finally(() => names.forEach((name) => this.#reading.delete(name)))
    for (const name of names) this.#reading.set(name, reading)
  }

  /** The catalog has moved on: everything that was read is read again, and stays on screen until then. */
  async refreshDetails(): Promise<void> {
    const names = [...this.#details.keys()]
    if (names.length) this.#read(names)
    await Promise.all(names.map((name) => this.#reading.get(name)))
  }

  clear() {
    this.show({ version: 0, objects: [], labels: [] })
    this.#details.clear()
    this.#reading.clear()
  }
}

export const catalog = new CatalogState()
