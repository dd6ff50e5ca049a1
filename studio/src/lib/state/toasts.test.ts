import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Toasts } from './toasts.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a message stays eight seconds, longer while somebody points at it', () => {
  const toasts = new Toasts()
  toasts.show('Saved.')
  vi.advanceTimersByTime(7999)
  expect(toasts.list).toHaveLength(1)
  toasts.pause()
  vi.advanceTimersByTime(60_000)
  expect(toasts.list).toHaveLength(1)
  toasts.resumeAll()
  vi.advanceTimersByTime(8000)
  expect(toasts.list).toHaveLength(0)
})

test('an error stays until it is closed; Undo runs once and closes', () => {
  const toasts = new Toasts()
  const undo = vi.fn()
  toasts.error('No.')
  const id = toasts.show('Deleted.', { action: { label: 'Undo', run: undo } })
  toasts.act(toasts.list.find((t) => t.id === id)!)
  vi.advanceTimersByTime(60_000)
  expect(undo).toHaveBeenCalledOnce()
  expect(toasts.list.map((t) => t.text)).toEqual(['No.'])
})
