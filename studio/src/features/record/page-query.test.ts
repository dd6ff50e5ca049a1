import { expect, test } from 'vitest'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import { milestoneSelection } from './page-query.ts'

const detail = (...names: string[]) => ({ fields: names.map((name) => ({ name })) }) as unknown as ObjectDetail

test('of milestones only what one may read is asked for, so that a page shows without the rest', () => {
  const few = detail('Id', 'Name', 'TargetDate')
  expect(milestoneSelection(few, () => false).trim()).toBe('Id Name TargetDate')
  const more = milestoneSelection(detail('Id', 'TargetReason', 'Hidden__c'), (name) => name === 'BusinessHours')
  expect(more.trim()).toBe('Id TargetReason BusinessHours { Id Name }')
})
