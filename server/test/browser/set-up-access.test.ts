import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

const SET_UP = ['/setup/objects', '/setup/objects?new=object', '/setup/objects/Case?tab=fields', '/setup/queue', '/SETUP/queue', '/setup/queue/'] // prettier-ignore

test('by address too, set-up is for those who may view it: nothing of it is asked for', async () => {
  const { page, context, problems } = await studio.signIn('Ana Silva')
  const asked: string[] = []
  page.on('request', (request) => void asked.push(request.postData() ?? ''))
  for (const address of SET_UP) {
    await page.goto(address)
    await page.getByRole('heading', { name: 'You have no access to set-up' }).waitFor()
    await settled(page)
    expect(await page.getByRole('table').count(), address).toBe(0)
  }
  expect(asked.filter((body) => /MilestoneTimer|OutboxMessage|documents/.test(body))).toEqual([])
  expect(await violations(page)).toEqual([])
  expect(
    await page
      .getByRole('navigation')
      .getByText(/Object manager|Queue/)
      .count(),
  ).toBe(0)
  await page.keyboard.press('Control+K')
  for (const words of ['manager', 'queue of timers']) {
    await page.getByRole('combobox').fill(words)
    await page.getByText(`Nothing found for “${words}”.`).waitFor()
  }
  await page.keyboard.press('Escape')
  await page.goto('/setup/nothing-here')
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor()
  await page.goto('/setup/queue')
  await page.getByRole('link', { name: 'Go home' }).click()
  await page.getByRole('heading', { name: /Good day/ }).waitFor()
  expect(problems).toEqual([expect.stringMatching(/404 .*\/setup\/nothing-here$/)])
  await context.close()
})

test('those who may view it go from page to page', async () => {
  const { page, context, problems } = await studio.signIn('Alex Admin')
  await page.getByRole('link', { name: 'Object manager' }).click()
  await page.getByRole('heading', { name: 'Object manager' }).waitFor()
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'Queue' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Business Hours' }).first().click()
  await page.getByRole('heading', { name: 'Business Hours', level: 1 }).waitFor()
  expect(problems).toEqual([])
  await context.close()
})
