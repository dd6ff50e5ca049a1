import { expect, test } from 'vitest'
import { Refused } from '../api/account.ts'
import { Submission } from './submission.svelte.ts'

test('what the server refuses stands beside its field, or alone', async () => {
  const form = new Submission()
  const weak = { field: 'password', code: 'INVALID', message: 'Easy to guess.' }
  expect(await form.run(() => Promise.reject(new Refused('INVALID', weak.message, [weak])))).toBeUndefined()
  expect([form.errorOf('password'), form.problem, form.busy]).toEqual(['Easy to guess.', undefined, false])
  await form.run(() => Promise.reject(new Refused('LINK_USED', 'Used.')))
  expect([form.errorOf('password'), form.problem, form.code]).toEqual([undefined, 'Used.', 'LINK_USED'])
})

test('the next try clears what was said before', async () => {
  const form = new Submission()
  await form.run(() => Promise.reject(new Error('The server can’t be reached.')))
  expect([form.problem, form.code]).toEqual(['The server can’t be reached.', undefined])
  let under = { busy: false, problem: form.problem }
  expect(await form.run(async () => ((under = { busy: form.busy, problem: form.problem }), 7))).toBe(7)
  expect([under, form.problem]).toEqual([{ busy: true, problem: undefined }, undefined])
})
