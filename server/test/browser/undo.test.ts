import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

/** Makes records as an integration would. */
const createTrucks = (page: Page, count: number) =>
  page.evaluate(async (n) => {
    const query = 'mutation { Truck__cCreate(input: { Name: "Truck" }) { errors { message } } }'
    for (let i = 0; i < n; i++)
      await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
  }, count)

test('undo shows what it would do and lose; nothing happens until somebody agrees', async () => {
  const { page, problems, context } = await studio.signIn('Alex Admin')
  await page.goto('/setup/objects?new=object')
  await page.locator('#object-label').fill('Truck')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Create the object' }).click()
  await page.getByText('Truck is there.').waitFor()
  await createTrucks(page, 3)
  await page.getByRole('button', { name: 'Undo' }).click()

  const dialog = page.getByRole('dialog', { name: 'Undo' })
  await dialog.getByText('Truck__c is deleted with 3 records, which are hidden now and gone after 15 days.').waitFor()
  const undo = dialog.getByRole('button', { name: 'Undo' })
  expect(await undo.isDisabled()).toBe(true)
  await settled(page)
  expect(await violations(page)).toEqual([])
  await dialog.getByLabel('I agree to this loss').check()
  await expect.poll(() => undo.isEnabled()).toBe(true)
  await undo.click()
  await page.getByText('The change is undone.').waitFor()

  // Undo is a change as well: the object comes back with its records.
  await page.getByRole('button', { name: 'Undo' }).click()
  await dialog.getByText('Bring back the object Truck__c with its data.').waitFor()
  expect(await page.getByText('Trucks').count()).toBe(0)
  await undo.click()
  await page.getByRole('link', { name: 'Trucks' }).click()
  await expect.poll(() => page.locator('.row .name').count()).toBe(3)
  expect(problems).toEqual([])
  await context.close()
})
