import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldInfo, ObjectDetail } from '../api/metadata.ts'
import { OPERATOR_WORDS, readFilters, writeFilters, type Filter } from './operators.ts'
import type { OperatorName } from './types.ts'
import { allOf, searchWhere, whereOf } from './where.ts'

const field = (name: string, type: string, more = {}) => ({ name, label: name, type, ...more }) as unknown as FieldInfo

test('filters survive the URL, whatever is typed into them', () => {
  const filter = fc.record({
    field: fc.stringMatching(/^[A-Za-z]\w{0,20}$/),
    operator: fc.constantFrom(...(Object.keys(OPERATOR_WORDS) as OperatorName[])),
    values: fc.array(fc.string(), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 4 }), (filters) => {
      const url = new URLSearchParams({ filter: writeFilters(filters) }).toString()
      expect(readFilters(new URLSearchParams(url).get('filter'))).toEqual(filters)
    }),
  )
})

test('a broken link filters nothing instead of failing', () => {
  expect(readFilters('%~.Priority~evil~x.~')).toEqual([])
})

const cases: [string, Filter, FieldInfo, unknown][] = [
  [
    'a picklist in a list',
    { field: 'P', operator: 'in', values: ['High', 'Low'] },
    field('P', 'Text'),
    { P: { in: ['High', 'Low'] } },
  ],
  ['a number', { field: 'N', operator: 'gt', values: ['12'] }, field('N', 'Number'), { N: { gt: 12 } }],
  ['a number not typed to the end', { field: 'N', operator: 'gt', values: ['1x'] }, field('N', 'Number'), undefined],
  ['no value yet', { field: 'P', operator: 'in', values: [] }, field('P', 'Text'), undefined],
  ['emptiness', { field: 'P', operator: 'notNull', values: [] }, field('P', 'Text'), { P: { isNull: false } }],
  [
    'a period',
    { field: 'D', operator: 'relative', values: ['TODAY'] },
    field('D', 'Date'),
    { D: { relative: 'TODAY' } },
  ],
  [
    'a counted period',
    { field: 'D', operator: 'relative', values: ['LAST_N_DAYS:7'] },
    field('D', 'Date'),
    { D: { LAST_N_DAYS: 7 } },
  ],
  [
    'a day of a moment',
    { field: 'D', operator: 'gte', values: ['2026-03-09'] },
    field('D', 'DateTime'),
    { D: { gte: '2026-03-09T00:00:00.000Z' } },
  ],
]
test.each(cases)('where of %s', (_, filter, of, expected) => expect(whereOf(filter, of)).toEqual(expected))

test('search looks into the name and the visible text columns only', () => {
  const object = {
    nameField: 'CaseNumber',
    fields: [
      field('CaseNumber', 'AutoNumber'),
      field('Subject', 'Text'),
      field('Secret', 'Text'),
      field('Amount', 'Number'),
    ],
  } as unknown as ObjectDetail
  expect(searchWhere(object, ' pump ', ['Subject', 'Amount'])).toEqual({
    or: [{ CaseNumber: { contains: 'pump' } }, { Subject: { contains: 'pump' } }],
  })
  expect(searchWhere(object, '  ', ['Subject'])).toBeUndefined()
})

test('parts that say nothing leave no trace', () => {
  expect(allOf([undefined, {}])).toBeUndefined()
  expect(allOf([{ A: 1 }, undefined])).toEqual({ A: 1 })
  expect(allOf([{ A: 1 }, { B: 2 }])).toEqual({ and: [{ A: 1 }, { B: 2 }] })
})
