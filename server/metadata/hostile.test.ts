import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileCatalog, planChange, validateDocuments, type Document } from './index.ts'
import { changeAt, removeAt } from './plan/json.ts'
import { demo, field, object, shippedCatalog } from './test/shipped.ts'

/** Every path of a document, itself included. */
function pathsIn(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [at, ...entries.flatMap(([key, inner]) => pathsIn(inner, [...at, key]))]
}

const samples = demo.documents.filter((d) => d.kind !== 'PermissionSet')
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    '',
    '__proto__',
    'constructor',
    'Case.',
    '.',
    '{!',
    '((',
    'Case',
    '*',
    [],
    {},
    [null],
    { __proto__: null },
  ),
  fc.jsonValue(),
)

/** A shipped document with one place changed to something else or taken out. */
const mutant: fc.Arbitrary<unknown> = fc
  .constantFrom(...samples)
  .chain((document) =>
    fc
      .tuple(fc.constantFrom(...pathsIn(document).filter((p) => p.length > 0)), junk, fc.boolean())
      .map(([path, value, remove]) => (remove ? removeAt(document, path) : changeAt(document, path, () => value))),
  )

test('no document makes the checks throw: what is wrong is said, at a place', () => {
  fc.assert(
    fc.property(fc.oneof(mutant, fc.jsonValue()), (document) => {
      const findings = validateDocuments([{ document }])
      for (const f of findings) expect([f.message.length > 0, (f.hint ?? 'x').length > 0]).toEqual([true, true])
      if (findings.length > 0) return
      const { catalog, findings: found } = compileCatalog(
        [object('Thing__c'), field('Thing__c.A__c', 'Text'), document as Document],
        1,
      )
      expect(catalog === undefined).toBe(found.some((f) => f.severity === 'error'))
    }),
    { numRuns: 2000 },
  )
})

test('no change makes a plan throw', () => {
  fc.assert(
    fc.property(mutant, fc.boolean(), (document, remove) => {
      const { kind = 'Object', name = 'x' } = (document ?? {}) as { kind?: Document['kind']; name?: string }
      const plan = planChange(shippedCatalog(), [{ kind, name, document: remove ? null : (document as Document) }], {
        at: '2026-03-09T12:00:00.000Z',
      })
      expect(plan.next === undefined).toBe(plan.findings.length > 0)
    }),
    { numRuns: 80 },
  )
})
