import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

test('an agent makes a case, sees its promise run out, keeps it late; an admin adds a field and sees it on the page', async () => {
  const { page, problems } = await studio.signIn('Ana Silva')

  // A new critical case, from anywhere, by the keyboard.
  await page.goto('/o/Case')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('c')
  await page.getByRole('dialog', { name: 'New Case' }).waitFor()
  await page.getByLabel('Subject').fill('Cooling pump leaks')
  await page.getByLabel('Priority').selectOption('Critical')
  await page.getByRole('button', { name: 'Create Case' }).click()
  await page.getByRole('heading', { name: 'Cooling pump leaks' }).waitFor()

  // Its first response is due in an hour, and the countdown says so by the server's clock.
  const response = page.getByRole('article', { name: 'First Response' })
  const countdown = response.getByTestId('countdown')
  await response.getByText('Running').waitFor()
  expect(await countdown.textContent()).toMatch(/^(1h 00m|59m \d\d)/)

  await studio.advance('PT35M')
  await response.getByText('Warning').waitFor()
  expect(await countdown.textContent()).toMatch(/^2[45]m \d\ds left$/)

  // The target passes: the word, the countdown and the announcement follow without a reload.
  await studio.advance('PT40M')
  await response.getByText('Overdue').waitFor()
  expect(await countdown.textContent()).toMatch(/^1[45]m \d\ds over$/)
  await expect
    .poll(() => page.locator('[role=status][aria-live]').textContent())
    .toContain('First Response is now overdue.')
  await expect.poll(() => page.getByText('Open Violation').count()).toBeGreaterThan(0)
  await expect.poll(() => page.locator('.value', { hasText: 'Escalated' }).getByLabel('Yes').count()).toBe(1)

  // Kept late, with a way back.
  await response.getByRole('button', { name: 'Mark completed' }).click()
  await response.getByText('Met late').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await response.getByText('Overdue').waitFor()
  await response.getByRole('button', { name: 'Mark completed' }).click()
  await response.getByText('Met late').waitFor()
  const address = page.url()

  // An administrator adds a field; the agent's open page gets it by itself.
  const admin = await studio.signIn('Alex Admin')
  await admin.page.goto('/setup/objects/Case?tab=fields')
  await admin.page.getByRole('button', { name: 'New field' }).click()
  await admin.page.getByRole('button', { name: /^Picklist/ }).click()
  await admin.page.getByRole('textbox', { name: 'Label' }).fill('Region')
  for (const value of ['EMEA', 'APAC']) {
    await admin.page.getByPlaceholder(/Type a value/).fill(value)
    await admin.page.getByPlaceholder(/Type a value/).press('Enter')
  }
  await admin.page.getByRole('button', { name: 'Review' }).click()
  await admin.page.getByText('Add the field Case.Region__c').waitFor()
  await admin.page.getByRole('button', { name: 'Add the field' }).click()
  await admin.page.getByRole('rowheader', { name: 'Region' }).waitFor()

  await page.getByText('Region', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('combobox', { name: 'Region' }).selectOption('APAC')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.value', { hasText: 'Region' }).getByText('APAC').waitFor()

  // Whoever comes back by the link sees the same.
  await admin.page.goto(address)
  await admin.page.locator('.value', { hasText: 'Region' }).getByText('APAC').waitFor()
  expect([...problems, ...admin.problems]).toEqual([])
})

test('two people edit one record: the later one sees both values and chooses', async () => {
  const [ana, ben] = [await studio.signIn('Ana Silva'), await studio.signIn('Ben Osei')]
  await ana.page.goto('/o/Case?view=All')
  await ana.page.locator('.row .name').first().click()
  await ana.page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
  const address = ana.page.url()
  await ben.page.goto(address)
  await ana.page.getByRole('button', { name: 'Edit', exact: true }).click()
  await ana.page.getByRole('textbox', { name: 'Subject' }).fill('Seen by Ana')

  await ben.page.getByRole('button', { name: 'Edit', exact: true }).click()
  await ben.page.getByRole('textbox', { name: 'Subject' }).fill('Seen by Ben')
  await ben.page.getByRole('button', { name: 'Save' }).click()
  await ben.page.getByRole('heading', { name: 'Seen by Ben' }).waitFor()

  await ana.page.getByRole('button', { name: 'Save' }).click()
  const dialog = ana.page.getByRole('dialog', { name: /Somebody else/ })
  await dialog.waitFor()
  expect(await dialog.textContent()).toContain('Seen by Ben')
  await dialog.getByRole('button', { name: 'Save this choice' }).click()
  await ana.page.getByRole('heading', { name: 'Seen by Ana' }).waitFor()
  await ben.page.getByRole('heading', { name: 'Seen by Ana' }).waitFor()
  expect([...ana.problems, ...ben.problems]).toEqual([])
})

test('a mistake is said beside the field and in a summary that leads there', async () => {
  const { page, problems } = await studio.signIn('Ana Silva')
  await page.goto('/o/Contact?new=1')
  const dialog = page.getByRole('dialog', { name: 'New Contact' })
  await dialog
    .getByLabel('E-mail', { exact: true })
    .or(dialog.getByLabel('Email', { exact: true }))
    .first()
    .fill('not an address')
  await dialog.getByRole('button', { name: 'Create Contact' }).click()
  const summary = dialog.getByRole('alert')
  await summary.getByRole('button', { name: /must be an address/ }).click()
  expect(await page.evaluate('document.activeElement?.id')).toBe('new-Email')
  expect(problems).toEqual([])
})

test('a read-only user is offered nothing that would be refused', async () => {
  const { page, problems } = await studio.signIn('Rita Reader')
  await page.goto('/o/Case?view=All')
  await page.locator('.row .name').first().click()
  await page.getByRole('heading', { name: 'Milestones' }).waitFor()
  for (const name of ['Edit', 'New', 'Mark completed', 'Delete'])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /^More actions for/ }).count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Object manager' }).count()).toBe(0)
  expect(problems).toEqual([])
})
