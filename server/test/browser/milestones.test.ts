import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { automationActor } from '#automation'
import type { Document } from '#metadata'
import { violations } from './axe.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

async function newCase(page: Page, subject: string): Promise<void> {
  await page.goto('/o/Case')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('c')
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('Priority').selectOption('Low')
  await page.getByRole('button', { name: 'Create Case' }).click()
  await page.getByRole('heading', { name: subject }).waitFor()
  await settled(page)
}
const card = (page: Page, name: string) => page.getByRole('article', { name })

async function choose(page: Page, milestone: string, item: string): Promise<void> {
  await card(page, milestone).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const offered = async (page: Page, milestone: string): Promise<string[]> => {
  await card(page, milestone).getByRole('button', { name: 'More actions' }).click()
  const items = page.getByRole('menuitem')
  await items.first().waitFor()
  const texts = (await items.allTextContents()).map((text) => text.trim())
  await page.keyboard.press('Escape')
  return texts
}

test('an agent pauses, resumes, reopens and cancels milestones, and reads how much work time is left', async () => {
  const { page, problems } = await studio.signIn('Ana Silva')
  await newCase(page, 'Paint scratches on housing')
  const [response, resolution] = [card(page, 'First Response'), card(page, 'Resolution Time')]

  // A day by the wall clock is eight hours of work, and the explanation speaks of minutes.
  await response.getByText(/^Due Tue/).waitFor()
  await response.getByText(/^(8 h|7 h 59 min) of work time left · US Support$/).waitFor()
  await response.getByRole('button', { name: 'Why this target' }).click()
  const why = page.getByRole('dialog', { name: 'Why this target' })
  await why.getByText(/^Next: violated if still open after 10 Mar/).waitFor()
  expect(await why.textContent()).not.toMatch(/\d ms|[0-9a-f]{12}|\d:\d\d:\d/)
  await page.keyboard.press('Escape')

  // This one alone, and only with a reason.
  await choose(page, 'First Response', 'Pause…')
  const dialog = page.getByRole('dialog', { name: 'Pause: First Response' })
  await dialog.getByRole('button', { name: 'Pause' }).click()
  await dialog.getByText('Say why: others will read it here.').waitFor()
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Waiting for photographs')
  await dialog.getByRole('button', { name: 'Pause' }).click()
  await response.getByText('Paused', { exact: true }).waitFor()
  await response.getByText(/^Paused since Mon.*Waiting for photographs$/).waitFor()
  await resolution.getByText('Running').waitFor()
  expect(await offered(page, 'First Response')).toEqual(['Resume this milestone', 'Set target…', 'Cancel milestone…'])
  await choose(page, 'First Response', 'Resume this milestone')
  await response.getByText('Running').waitFor()

  // The whole record, from any of its milestones.
  await choose(page, 'Resolution Time', 'Pause…')
  await page.getByLabel('All milestones of this record').check()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('The customer is away')
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
  for (const one of [response, resolution]) await one.getByText('The customer is away').waitFor()
  expect(await offered(page, 'First Response')).toEqual(['Resume the whole record', 'Set target…', 'Cancel milestone…'])
  await choose(page, 'First Response', 'Resume the whole record')
  for (const one of [response, resolution]) await one.getByText('Running').waitFor()

  // After closing time the clock runs, though nobody works.
  expect(await page.getByText('Out of hours').count()).toBe(0)
  await studio.advance('PT9H')
  await page.reload()
  await response.getByText('Out of hours').waitFor()
  await response.getByText('1 h of work time left · US Support').waitFor()
  expect(await violations(page)).toEqual([])

  await response.getByRole('button', { name: 'Mark completed' }).click()
  await response.getByText('Met', { exact: true }).waitFor()
  expect(await response.getByText('Out of hours').count()).toBe(0)
  await choose(page, 'First Response', 'Reopen…')
  await page.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click()
  await response.getByText('Running').waitFor()

  await choose(page, 'First Response', 'Cancel milestone…')
  await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Asked twice')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel milestone' }).click()
  await response.getByText('Cancelled', { exact: true }).waitFor()
  await response.getByText('Asked twice').waitFor()
  expect(await response.getByRole('button', { name: 'More actions' }).count()).toBe(0)
  expect(problems).toEqual([])
})

test('an agent sets a target that was agreed upon, in their own zone and with a reason, and takes it back', async () => {
  const { page, problems } = await studio.signIn('Ana Silva')
  await newCase(page, 'Two wheels squeak')
  const response = card(page, 'First Response')
  const due = await response.getByText(/^Due /).textContent()
  await choose(page, 'First Response', 'Set target…')
  const dialog = page.getByRole('dialog', { name: 'Set target: First Response' })
  await dialog.getByLabel('Target').fill('2026-03-01T17:30')
  await dialog.getByRole('button', { name: 'Set target' }).click()
  await dialog.getByText('Choose a time that lies ahead.').waitFor()
  await dialog.getByText(/^Say who agreed to it/).waitFor()
  expect(await violations(page)).toEqual([])
  await dialog.getByLabel('Target').fill('2026-03-20T17:30')
  await dialog.getByLabel('Reason').fill('Agreed with the customer by phone')
  await dialog.getByRole('button', { name: 'Set target' }).click()
  await response.getByText('Due Fri, Mar 20, 17:30').waitFor()
  await response.getByText('Set by hand: Agreed with the customer by phone').waitFor()
  await response.getByRole('button', { name: 'Why this target' }).click()
  await page
    .getByText(/^Target 20 Mar 17:30.*, set by hand .* by Ana Silva: Agreed with the customer by phone/)
    .waitFor()
  await page.keyboard.press('Escape')

  // Undone in the toast, taken back in the menu, and that undone too.
  await page.getByRole('button', { name: 'Undo' }).click()
  await response.getByText(due!).waitFor()
  await choose(page, 'First Response', 'Set target…')
  await dialog.getByLabel('Reason').fill('They wait for a visitor')
  await dialog.getByLabel('Moves with pauses').check()
  await dialog.getByRole('button', { name: 'Set target' }).click()
  await response.getByText('Set by hand: They wait for a visitor').waitFor()
  await choose(page, 'First Response', 'Take back the target')
  await page.getByText('The process sets the target of First Response again.').waitFor()
  await response.getByText('Set by hand').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await response.getByText('Set by hand: They wait for a visitor').waitFor()
  expect(await offered(page, 'First Response')).toEqual([
    'Pause…',
    'Set target…',
    'Take back the target',
    'Cancel milestone…',
  ])
  expect(problems).toEqual([])
})

test('a closed case says what its process still wants, and leads to the field', async () => {
  const { page, problems } = await studio.signIn('Ana Silva')
  await newCase(page, 'Bell rings by itself')
  await page.getByRole('button', { name: 'Edit Status' }).click()
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Closed')
  await page.getByRole('button', { name: 'Save' }).click()
  const wanted = page.getByText('The process closes when Case Reason is filled.')
  await wanted.waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('region', { name: 'Milestones' }).getByRole('button', { name: 'Edit Case Reason' }).click()
  const reason = page.getByRole('combobox', { name: 'Case Reason' })
  await reason.waitFor()
  expect(await reason.evaluate((element) => element.matches(':focus'))).toBe(true)
  await reason.selectOption('Other')
  await page.getByRole('button', { name: 'Save' }).click()
  await card(page, 'First Response').getByText('Cancelled', { exact: true }).waitFor()
  await wanted.waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('a milestone that a rule holds back says which rule, and since when', async () => {
  const actor = automationActor('test')
  const process = {
    kind: 'EntitlementProcess', name: 'Held_v1', process: 'Held', version: 1, label: 'Held', object: 'Case', status: 'active', isDefault: true, businessHours: 'US Support',
    milestones: [{ name: 'Held', milestone: 'Resolution Time', target: { hours: 1 }, completion: [{ when: 'NOT(ISBLANK(Subject))' }] }],
  } // prettier-ignore
  const rule = { kind: 'AutoApplyRule', name: 'Case_Held', object: 'Case', order: 1, when: 'Subject = "Held"', apply: { process: 'Held' } } // prettier-ignore
  const changes = [process, rule].map((document) => ({ kind: document.kind as Document['kind'], name: document.name, document: document as Document })) // prettier-ignore
  const { planId, findings } = await studio.app.engine.catalogs.plan(actor, changes)
  expect(findings).toEqual([])
  await studio.app.engine.catalogs.apply(actor, planId)

  const { page, problems } = await studio.signIn('Ana Silva')
  await newCase(page, 'Held')
  const held = card(page, 'Resolution Time')
  await held.getByText('Not started').waitFor()
  expect(await held.textContent()).toMatch(/Completion rule 1, Subject is filled,\s+has held since Mon, Mar 9.*\.\s+The milestone starts when the rule holds no longer\./) // prettier-ignore
  expect(await violations(page)).toEqual([])
  expect(problems).toEqual([])
})
