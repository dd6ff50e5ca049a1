import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileCatalog, planChange, type Catalog, type Change, type Document } from '../index.ts'
import { field, object } from '../test/shipped.ts'

const at = '2026-03-09T12:00:00.000Z'
const NAMES = ['Alpha__c', 'Beta__c', 'Gamma__c', 'Delta__c']
const TYPES = ['Text', 'Number', 'Checkbox', 'Date', 'LongTextArea']
const start = compileCatalog(
  [object('Thing__c'), field('Thing__c.Alpha__c', 'Text'), field('Thing__c.Beta__c', 'Number')],
  1,
).catalog as Catalog

type Move = {
  readonly is: 'add' | 'delete' | 'rename' | 'formula' | 'retype'
  readonly a: string
  readonly b: string
  readonly type: string
}
const move: fc.Arbitrary<Move> = fc.record({
  is: fc.constantFrom('add' as const, 'delete' as const, 'rename' as const, 'formula' as const, 'retype' as const),
  a: fc.constantFrom(...NAMES),
  b: fc.constantFrom(...NAMES),
  type: fc.constantFrom(...TYPES),
})

function changeOf(catalog: Catalog, { is, a, b, type }: Move): Change {
  const name = `Thing__c.${a}`
  const old = catalog.documents.get('Field')?.get(name)
  if (is === 'delete') return { kind: 'Field', name, document: null }
  if (is === 'rename')
    return {
      kind: 'Field',
      name: `Thing__c.${b}`,
      renameFrom: name,
      document: { ...(old ?? field(name, type)), name: `Thing__c.${b}` } as Document,
    }
  if (is === 'formula')
    return {
      kind: 'ValidationRule',
      name: 'Thing__c.Rule',
      document: {
        kind: 'ValidationRule',
        name: 'Thing__c.Rule',
        errorConditionFormula: `ISBLANK(${a})`,
        errorMessage: 'No.',
      },
    }
  return { kind: 'Field', name, document: is === 'retype' && old ? ({ ...old, type } as Document) : field(name, type) }
}

/** Every column and table with the id it belongs to; they must never be given to another. */
const columns = (catalog: Catalog) => [
  ...(catalog.object('Thing__c')?.fields ?? []).flatMap((f) => (f.column ? [[f.column, f.id] as const] : [])),
  ...catalog.deleted.flatMap((d) =>
    d.kind === 'Field' && d.physicalName ? [[d.physicalName, d.id ?? ''] as const] : [],
  ),
]

test('after any history: planned again is empty, JSON holds the whole catalog, and no column changes hands', () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 12 }), (moves) => {
      let catalog = start
      const owners = new Map<string, string>()
      for (const m of moves) {
        const change = changeOf(catalog, m)
        const { next, documents, findings } = planChange(catalog, [change], { at })
        expect(next === undefined).toBe(findings.length > 0)
        if (!next) continue
        const again = planChange(next, [change], { at })
        expect([again.steps, again.findings]).toEqual([[], []])
        const copy = compileCatalog(JSON.parse(JSON.stringify(documents)) as Document[], next.version)
        expect(copy.findings.filter(({ severity }) => severity === 'error')).toEqual([])
        expect(copy.catalog && [...copy.catalog.documents]).toEqual([...next.documents])
        for (const [column, id] of columns(next)) expect([column, owners.get(column) ?? id]).toEqual([column, id])
        for (const [column, id] of columns(next)) owners.set(column, id)
        catalog = next
      }
    }),
    { numRuns: 200 },
  )
})

test('a rename there and back gives the documents it began with', () => {
  const rule = {
    kind: 'ValidationRule',
    name: 'Thing__c.R',
    errorConditionFormula: 'alpha__c + Alpha__c > 3',
    errorMessage: 'No.',
  } as const
  const catalog = compileCatalog([object('Thing__c'), field('Thing__c.Alpha__c', 'Number'), rule], 1).catalog as Catalog
  fc.assert(
    fc.property(fc.constantFrom(...NAMES.slice(1)), (name) => {
      const original = catalog.documents.get('Field')?.get('Thing__c.Alpha__c') as Document
      const there = planChange(catalog, [
        { kind: 'Field', name: `Thing__c.${name}`, document: { ...original, name: `Thing__c.${name}` } as Document, sameAs: original.id! }, // prettier-ignore
      ])
      expect(there.next?.documents.get('ValidationRule')?.get('Thing__c.R')).toMatchObject({
        errorConditionFormula: `${name} + ${name} > 3`,
      })
      const back = planChange(there.next!, [
        { kind: 'Field', name: original.name, document: original, sameAs: original.id! },
      ])
      expect(back.next?.documents.get('Field')).toEqual(catalog.documents.get('Field'))
    }),
  )
})
