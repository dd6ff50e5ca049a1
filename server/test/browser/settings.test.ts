import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

test('an administrator gives a person a setting of their own, as any other record', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await page.goto('/o/Support_Settings__c')
  await page.getByRole('grid').getByRole('link', { name: 'Service Agent', exact: true }).waitFor()
  await page.keyboard.press('c')
  await page.getByRole('dialog', { name: 'New Support Settings' }).waitFor()
  await page.getByLabel('Name').fill('Rita')
  const owner = page.getByRole('combobox', { name: 'Setup Owner' })
  await owner.fill('Rita')
  await page.getByRole('option', { name: /Rita Reader/ }).click()
  await page.getByLabel('Backdating, at Most (Hours)').fill('24')
  await page.getByRole('button', { name: 'Create Support Settings' }).click()
  await page.getByRole('heading', { name: 'Rita' }).waitFor()
  await page.locator('.value', { hasText: 'Setup Owner' }).getByText('Rita Reader').waitFor()

  // One row each: the words stand beside the field.
  await page.goto('/o/Support_Settings__c')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('c')
  await page.getByLabel('Name').fill('Rita again')
  await owner.fill('Rita')
  await page.getByRole('option', { name: /Rita Reader/ }).click()
  await page.getByRole('button', { name: 'Create Support Settings' }).click()
  await page.getByText('Another Support Settings already has this Setup Owner').first().waitFor()
  expect(problems).toEqual([])
})
