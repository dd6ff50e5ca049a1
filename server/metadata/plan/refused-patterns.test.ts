import { expect, test } from 'vitest'
import { compileCatalog, planChange, type ValidationRuleDocument } from '../index.ts'
import { shippedCatalog, shippedDocuments } from '../test/shipped.ts'

const rule = (more: Partial<ValidationRuleDocument> = {}): ValidationRuleDocument => ({
  kind: 'ValidationRule',
  name: 'Case.Digits',
  active: true,
  errorConditionFormula: 'NOT(REGEX(Subject, "(("))',
  errorMessage: 'Digits only.',
  ...more,
})
const change = (document: ValidationRuleDocument) => ({ kind: document.kind, name: document.name, document })
const found = {
  code: 'BAD_PATTERN',
  file: 'objects/Case/validationRules/Digits.json',
  path: 'errorConditionFormula',
  at: { start: 19, end: 23 },
}

test('a pattern that cannot be used is refused where it is written', () => {
  const plan = planChange(shippedCatalog(), [change(rule())])
  expect(plan.findings).toEqual([expect.objectContaining({ ...found, severity: 'error' })])
  expect(plan.next).toBeUndefined()
})

test('one that is stored loads with a warning, stops no other change, and can be mended', () => {
  const stored = compileCatalog([...shippedDocuments, rule()], 1)
  expect(stored.findings).toContainEqual(expect.objectContaining({ ...found, severity: 'warning' }))
  const other = rule({ name: 'Case.Other', errorConditionFormula: 'REGEX(Subject, "a+")' })
  expect(planChange(stored.catalog!, [change(other)])).toMatchObject({ findings: [], next: expect.anything() })
  expect(planChange(stored.catalog!, [change(rule({ errorMessage: 'No.' }))]).findings).toMatchObject([found])
  const mended = rule({ errorConditionFormula: 'NOT(REGEX(Subject, "[0-9]+"))' })
  expect(planChange(stored.catalog!, [change(mended)])).toMatchObject({ findings: [], next: expect.anything() })
})
