import { expect, test } from 'vitest'
import fc from 'fast-check'
import { readName, TYPE_SUFFIXES, typeName, type TypeRole } from './names.ts'

const objects = ['Case', 'CaseComment', 'Account', 'Edge__c', 'Onboarding__c', 'Group', 'Milestone', 'RecordMilestone']
const isObject = (name: string) => objects.includes(name)

test('every generated type name is read back as what it was made from', () => {
  const roles = Object.keys(TYPE_SUFFIXES) as TypeRole[]
  fc.assert(
    fc.property(fc.constantFrom(...objects), fc.constantFrom(...roles), (object, role) => {
      expect(readName(typeName(object, role), TYPE_SUFFIXES, isObject)).toEqual({ object, role })
    }),
  )
})

test('no two generated type names are alike', () => {
  const names = objects.flatMap((object) =>
    (Object.keys(TYPE_SUFFIXES) as TypeRole[]).map((role) => typeName(object, role)),
  )
  expect(new Set(names).size).toBe(names.length)
})

test('a name of no known object is no name', () => {
  expect(readName('NopeConnection', TYPE_SUFFIXES, isObject)).toBeUndefined()
})
