import { describe, expect, test } from 'vitest'
import { FIELD_TYPES, type FieldType } from '../../../../server/metadata/documents.ts'
import type { FieldInfo } from '../api/metadata.ts'
import { OPERATOR_WORDS } from './operators.ts'
import { entryOf, FIELD_TYPE_ENTRIES, formatValue, problemOf } from './registry.ts'

const context = { timeZone: 'America/New_York', locale: 'en-US', currency: 'USD' }
const field = (type: FieldType, more: Partial<FieldInfo> = {}): FieldInfo => ({
  name: 'F__c', label: 'The field', type, required: false, unique: false, indexed: false, readOnly: false, createable: true, updateable: true,
  filterable: true, sortable: true, custom: true, origin: 'declared', trackHistory: false, ...more,
}) // prettier-ignore
const values = [{ value: 'Low' }, { value: 'High', label: 'Very high' }]
const picklist = { restricted: true, values }

describe('every field type that metadata knows', () => {
  test.each(FIELD_TYPES)('%s has a whole entry', (type) => {
    const entry = FIELD_TYPE_ENTRIES[type]
    expect(entry.type).toBe(type)
    expect(entry.label.length * entry.summary.length).toBeGreaterThan(0)
    expect(entry.operators.length).toBeGreaterThan(0)
    for (const operator of entry.operators) expect(OPERATOR_WORDS[operator]).toBeTruthy()
    expect(formatValue(field(type), null, context)).toBe('')
    expect(entry.fromText('', field(type)) === null || type === 'Checkbox').toBe(true)
  })
})

describe('format', () => {
  const cases: [FieldType, unknown, string, Partial<FieldInfo>?][] = [
    ['Text', 'Ana', 'Ana'],
    ['RichText', '<p>One &amp; two</p><p>Three</p>', 'One & two\nThree'],
    ['Number', 1234567, '1,234,567'],
    ['Number', '12345678901234567.25', '12,345,678,901,234,567.25', { precision: 18, scale: 2 }],
    ['Currency', 1250.5, '$1,250.50', { scale: 2 }],
    ['Percent', 46, '46 %'],
    ['Checkbox', true, 'Yes'],
    ['Date', '2026-03-09', 'Mar 9, 2026'],
    ['DateTime', '2026-03-09T02:30:00.000Z', 'Mar 8, 2026, 22:30'],
    ['Time', '17:30:00.000', '17:30'],
    ['Url', 'https://example.com/a', 'example.com/a'],
    ['Picklist', 'High', 'Very high', { picklist }],
    ['MultiselectPicklist', ['Low', 'High'], 'Low, Very high', { picklist }],
    ['Geolocation', { latitude: 1.5, longitude: -2 }, '1.5, -2'],
    [
      'Address',
      { street: '1 Main St', city: 'Troy', state: null, postalCode: '12180', country: 'US' },
      '1 Main St, Troy, 12180, US',
    ],
    ['JSON', { a: [1] }, '{"a":[1]}'],
    ['Formula', 12.5, '$12.50', { formulaType: 'Currency', scale: 2 }],
  ]
  test.each(cases)('%s %j reads %s', (type, value, expected, more) =>
    expect(formatValue(field(type, more), value, context)).toBe(expected),
  )
})

test('a text that names something is chosen from what there is, and reads as it is written', () => {
  expect(entryOf(field('Text')).control).toBe('text')
  expect(entryOf(field('Text', { picklist })).control).toBe('picklist')
  expect(formatValue(field('Text', { picklist }), 'High', context)).toBe('High')
})

describe('validate', () => {
  const bad: [FieldType, unknown, RegExp, Partial<FieldInfo>?][] = [
    ['Text', null, /Enter a value/, { required: true }],
    ['Text', 'abcdef', /at most 5 characters: take 1 out/, { length: 5 }],
    ['Number', 'x1', /must be a number/],
    ['Number', 1.5, /whole numbers/],
    ['Number', 123456, /at most 5 digits before the point/, { precision: 5 }],
    ['Currency', 1.234, /at most 2 digits after/, { precision: 10, scale: 2 }],
    ['Email', 'ana@', /an address such as/],
    ['Date', '2026-02-30', /must be a day/],
    ['Time', '25:00', /must be a time/],
    ['Picklist', 'Huge', /not a value of/, { picklist }],
    ['Lookup', 'Acme', /Choose a record/],
    ['Geolocation', { latitude: 91, longitude: 0 }, /latitude from/],
    ['Address', { street: '' }, /Enter a value/, { required: true }],
  ]
  test.each(bad)('%s %j is refused', (type, value, message, more) =>
    expect(problemOf(field(type, more), value)).toMatch(message),
  )
  const good: [FieldType, unknown, Partial<FieldInfo>?][] = [
    ['Number', '12345678901234567.25', { precision: 19, scale: 2 }],
    ['Email', 'ana.silva@example.com'],
    ['Date', '2028-02-29'],
    ['Picklist', 'Anything', { picklist: { restricted: false, values } }],
    ['Lookup', '5000VbeOS10FhVDT8o'],
    ['Checkbox', false, { required: true }],
    ['AutoNumber', null, { required: true }],
  ]
  test.each(good)('%s %j will do', (type, value, more) => expect(problemOf(field(type, more), value)).toBeUndefined())
})

describe('fromText', () => {
  const cases: [FieldType, string, unknown, Partial<FieldInfo>?][] = [
    ['Number', '1,250', 1250],
    ['Number', '12345678901234567', '12345678901234567', { precision: 18 }],
    ['Number', 'many', undefined],
    ['Percent', '46 %', 46],
    ['Checkbox', 'Yes', true],
    ['Checkbox', 'maybe', undefined],
    ['Date', '2026-03-09', '2026-03-09'],
    ['Time', '17:30', '17:30:00.000'],
    ['Picklist', 'very high', 'High', { picklist }],
    ['Picklist', 'Huge', undefined, { picklist }],
    ['MultiselectPicklist', 'High; low', ['High', 'Low'], { picklist }],
    ['Geolocation', '1.5, -2', { latitude: 1.5, longitude: -2 }],
    ['JSON', '{bad', undefined],
  ]
  test.each(cases)('%s “%s”', (type, text, expected, more) =>
    expect(FIELD_TYPE_ENTRIES[type].fromText(text, field(type, more))).toEqual(expected),
  )

  test('what is formatted as plain text reads back as the same value', () => {
    for (const type of ['Text', 'Date', 'Time', 'Geolocation', 'Email'] as const) {
      const value = {
        Text: 'a b',
        Date: '2026-03-09',
        Time: '17:30:00.000',
        Geolocation: { latitude: 1, longitude: 2 },
        Email: 'a@b.co',
      }[type]
      const text = type === 'Date' ? '2026-03-09' : formatValue(field(type), value, context)
      expect(FIELD_TYPE_ENTRIES[type].fromText(text, field(type))).toEqual(value)
    }
  })
})

test('a formula looks as its result does and can never be edited', () => {
  const entry = entryOf({ type: 'Formula', formulaType: 'DateTime' })
  expect([entry.cell, entry.control]).toEqual(['dateTime', 'none'])
  expect(entry.operators).toContain('relative')
})
