import { beforeEach, expect, test } from 'vitest'
import type { FieldInfo, ObjectDetail } from '$lib/api/metadata.ts'
import { RecordDraft } from './record-draft.svelte.ts'

const field = (name: string, more = {}) => ({ name, label: name, type: 'Text', ...more }) as unknown as FieldInfo
const subject = field('Subject', { required: true })
const email = field('Email__c', { type: 'Email' })
const object = { name: 'Case', fields: [subject, email] } as unknown as ObjectDetail
const record = { Id: '1', Subject: 'Pump', Email__c: null, Version: 3 }

let answer: unknown
const sent: { query: string; variables: { [name: string]: unknown } }[] = []
beforeEach(() => {
  const kept = new Map<string, string>()
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (k: string) => kept.get(k) ?? null,
      setItem: (k: string, v: string) => kept.set(k, v),
      removeItem: (k: string) => kept.delete(k),
    },
    fetch: async (_: string, init: { body: string }) => (
      sent.push(JSON.parse(init.body)),
      new Response(JSON.stringify({ data: { saved: answer } }))
    ),
  })
})

test('a value put back is no change', () => {
  const draft = new RecordDraft(object, '1')
  draft.set(subject, 'Pumps', record)
  expect(draft.dirty).toBe(true)
  draft.set(subject, 'Pump', record)
  expect(draft.dirty).toBe(false)
})

test('a draft outlives a reload of the page, and not its save', async () => {
  new RecordDraft(object, '1').set(subject, 'Pumps', record)
  const again = new RecordDraft(object, '1')
  expect(again.changes).toEqual({ Subject: 'Pumps' })
  again.version = 3
  answer = { record: { Id: '1' }, errors: [] }
  expect(await again.save()).toEqual({ Id: '1' })
  expect(sent.at(-1)!.variables).toEqual({ id: '1', input: { Subject: 'Pumps' }, version: 3 })
  expect(new RecordDraft(object, '1').dirty).toBe(false)
})

test('all that is wrong is found at once, and mended field by field', () => {
  const draft = new RecordDraft(object, undefined)
  draft.set(email, 'ana@', undefined)
  expect(draft.check([subject, email], undefined)).toBe(false)
  expect(Object.keys(draft.errors)).toEqual(['Subject', 'Email__c'])
  draft.set(email, 'ana@example.com', undefined)
  expect(Object.keys(draft.errors)).toEqual(['Subject'])
})

test('the server’s errors go to their fields, the rest to the page, a stale save to the two values', async () => {
  const draft = new RecordDraft(object, '1')
  draft.set(subject, 'Pumps', record)
  answer = {
    errors: [
      { field: 'Email__c', code: 'UNIQUE', message: 'Taken.' },
      { field: 'Hidden__c', code: 'REQUIRED', message: 'Hidden is required.' },
      { code: 'STALE', message: 'Changed meanwhile.', conflict: { Subject: { current: 'Motor', yours: 'Pumps' } } },
    ],
  }
  expect(await draft.save()).toBeUndefined()
  expect(draft.errors).toEqual({ Email__c: 'Taken.' })
  expect(draft.general).toEqual(['Hidden is required.', 'Changed meanwhile.'])
  expect(draft.conflicts.map((c) => [c.field.name, c.current, c.yours])).toEqual([['Subject', 'Motor', 'Pumps']])
  expect(draft.dirty).toBe(true)
  draft.giveUp(['Subject'])
  expect(draft.dirty).toBe(false)
})
