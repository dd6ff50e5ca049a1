import type { Finding } from '#util'
import type { Catalog, ObjectDef } from '../catalog.ts'
import { documentPath } from '../report.ts'
import { ringsOf } from '../rings.ts'
import { countedFrom, rollupsOf, type Rollup } from '../rollups.ts'

/** Rings that a change would make. Those of a stored catalog are no errors: it must still load, so that they can be mended. */
export function newRings(current: Catalog, next: Catalog): Finding[] {
  const known = new Set(allRings(current).map((ring) => ring.text))
  return allRings(next).flatMap(({ text, finding }) => (known.has(text) ? [] : [finding]))
}

const allRings = (catalog: Catalog): Ring[] => [...accessRings(catalog), ...rollupRings(catalog)]

interface Ring {
  readonly text: string
  readonly finding: Finding
}

/** Who may see a detail may see its master, and so on: that has to end somewhere. */
function accessRings(catalog: Catalog): Ring[] {
  const step = new Map([...catalog.objects.values()].map((object) => [object, mastersOf(catalog, object)]))
  return ringsOf(
    step.keys(),
    (object) => step.get(object)!.keys(),
    (object) => object.name,
  ).map((ring) => {
    const [first] = ring as [ObjectDef]
    const names = [...ring, first].map((object) => object.name)
    const field = step.get(ring.at(-1)!)!.get(first)!
    return { text: names.join(' → '), finding: masterRing(names, `${ring.at(-1)!.name}.${field}`) }
  })
}

/** The objects whose records decide about a record of this one, and the field that names each. */
function mastersOf(catalog: Catalog, object: ObjectDef): Map<ObjectDef, string> {
  const masters = new Map<ObjectDef, string>()
  for (const field of object.fields.filter((f) => f.reference?.masterDetail || f === object.accessFrom))
    for (const master of field.reference?.to.flatMap((name) => catalog.object(name) ?? []) ?? [])
      masters.set(master, field.name)
  return masters
}

const masterRing = (names: readonly string[], field: string): Finding => ({
  code: 'MASTER_RING',
  severity: 'error',
  file: documentPath('Field', field),
  path: 'type',
  message:
    names.length === 2
      ? `${names[0]} can’t be its own master: no record could be made first, and nobody’s access could be worked out.`
      : `Each of these would be a detail of the next, in a ring: ${names.join(' → ')}.`,
  hint: `Make ${field} a Lookup, which gives no access.`,
})

/** A roll-up may be counted from roll-ups, but in the end from something else. */
function rollupRings(catalog: Catalog): Ring[] {
  const rollups = rollupsOf(catalog)
  return ringsOf(rollups, (rollup) => countedFrom(rollup, rollups), nameOf).map((ring) => {
    const names = [...ring, ring[0]!].map(nameOf)
    return { text: names.join(' → '), finding: rollupRing(names) }
  })
}

const nameOf = ({ parent, field }: Rollup): string => `${parent.name}.${field.name}`

const rollupRing = (names: readonly string[]): Finding => ({
  code: 'ROLLUP_RING',
  severity: 'error',
  file: documentPath('Field', names[0]!),
  path: 'rollup',
  message: `This roll-up is counted from its own result: ${names.join(' → ')}.`,
  hint: 'Count one of them from a field that is no roll-up, or take the roll-up out of its filter.',
})
