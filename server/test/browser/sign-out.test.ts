import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

test('signing out in one tab shows the sign-in page in the other', async () => {
  const { page, context } = await studio.signIn('Ana')
  const other = await context.newPage()
  await other.goto('/')
  await other.getByRole('heading', { name: /Good day/ }).waitFor()
  await page.evaluate(() => fetch('/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })) // prettier-ignore
  for (const tab of [page, other]) await tab.getByLabel('Password').waitFor()
  await context.close()
})

test('a new password leaves its own tab in, live', async () => {
  const { page, context } = await studio.signIn('Ana')
  const socketAgain = page.waitForEvent('websocket')
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ current: 'milepost-demo', password: 'lantern otter fjord 81' })
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/auth/password', { method: 'POST', headers, body })).status
  })
  expect(status).toBe(200)
  const socket = await socketAgain
  await socket.waitForEvent('framereceived')
  expect(socket.isClosed()).toBe(false)
  await page.getByRole('heading', { name: /Good day/ }).waitFor()
  await context.close()
})
