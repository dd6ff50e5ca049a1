import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

/** The rich editor, once it has taken the plain box's place. */
async function editor(page: Page, label: string) {
  await page.locator('.monaco-editor .view-lines').first().waitFor()
  const box = page.getByRole('textbox', { name: label, exact: true })
  await box.focus()
  return box
}
/** Takes what stands there away and types anew, as a person does; closing brackets and quotes that stand there already are typed over. */
async function write(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.keyboard.type(text)
}
const written = async (page: Page): Promise<string> =>
  ((await page.locator('.monaco-editor .view-lines').first().textContent()) ?? '').replaceAll('\u00a0', ' ')

async function newFormulaField(page: Page, label: string): Promise<void> {
  await page.goto('/setup/objects/Case?tab=fields&new=field')
  await page.getByRole('button', { name: /^Formula/ }).click()
  await page.getByRole('textbox', { name: 'Label' }).fill(label)
}

test('an admin writes a formula, mends it, tries it, saves it; it stands on the record and filters the list', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto('/o/Case?view=All')
  await page.getByRole('grid').waitFor()
  await page.goto('/setup/objects/Case?tab=fields')
  await settled(page)
  expect(asked.filter((url) => /monaco|FormulaEditor/.test(url))).toEqual([])

  await newFormulaField(page, 'Urgency')
  await editor(page, 'Formula')
  expect(asked.filter((url) => /monaco/.test(url)).length).toBeGreaterThan(0)

  // A mistake is marked in the text and said in words; the words lead to it.
  await write(page, 'IF(ISPICKVAL(Priorty, "High"), "Urgent", "Calm")')
  const mistake = page.getByRole('button', { name: /No field Priorty on Case\. Did you mean Priority\?/ })
  await mistake.waitFor()
  await page.locator('.squiggly-error').first().waitFor()
  await mistake.click()
  expect(await page.evaluate('document.activeElement?.id')).toBe('field-formula')

  // Behind a lookup, whose fields are read when somebody goes there.
  await write(page, 'Account.Na')
  await page.locator('.suggest-widget.visible').getByText('Account Name').waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => written(page)).toBe('Account.Name')
  await page.getByText('Gives text.').waitFor()

  await write(page, 'if(ispickval(Priority, "High"), "Urgent", "Calm: " & Account.Name)')
  await page.keyboard.press('Shift+Alt+F')
  await expect.poll(() => written(page)).toContain('IF(ISPICKVAL(Priority, "High"), "Urgent"')
  const result = page.getByRole('region', { name: 'Try it on a record' })
  await result
    .getByText(/“(Urgent|Calm: .+)”/)
    .first()
    .waitFor()
  await result.getByText('Step by step').click()
  await result.getByRole('rowheader', { name: 'Priority', exact: true }).waitFor()

  // Esc in the box closes hints only; Tab leaves it; outside, Esc asks, however often it is pressed.
  await editor(page, 'Formula')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.getAttribute("name")')).toBe('blanks')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Keep writing' }).click()

  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByText('Add the field Case.Urgency__c').waitFor()
  await page.getByRole('button', { name: 'Add the field' }).click()
  await page.getByRole('rowheader', { name: 'Urgency' }).waitFor()

  await page.goto('/o/Case?view=All&filter=Urgency__c~eq~Urgent')
  await page.locator('.row .name').first().click()
  await page.locator('.value', { hasText: 'Urgency' }).getByText('Urgent').waitFor()
  await page.locator('.value', { hasText: 'Priority' }).getByText('High').waitFor()

  // The same field again: another formula, and the record follows.
  await page.goto('/setup/objects/Case?tab=fields&q=Urgency')
  await page.getByRole('rowheader', { name: 'Urgency' }).getByRole('link').click()
  await editor(page, 'Formula')
  await expect.poll(() => written(page)).toContain('"Urgent"')
  await write(page, 'TEXT(Priority) & "!"')
  await page.getByText('Gives text.').waitFor()
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('heading', { name: 'What will happen' }).waitFor()
  await page.getByRole('button', { name: 'Change the field' }).click()
  await page.getByText('Field Urgency changed.').waitFor()
  await page.goto('/o/Case?view=All&filter=Urgency__c~eq~High!')
  await page.locator('.row .name').first().waitFor()

  // What it was before comes back from its history, and goes again with one step back.
  await page.goto('/setup/objects/Case?tab=fields&edit=Urgency__c')
  await editor(page, 'Formula')
  await page.getByRole('button', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'Earlier versions' })
  await history.getByText(/^Until .*, changed by Alex Admin$/).waitFor()
  expect(await violations(page)).toEqual([])
  await history.getByRole('button', { name: /^Restore/ }).click()
  await expect.poll(() => written(page)).toContain('IF(ISPICKVAL(Priority, "High"), "Urgent"')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => written(page)).toBe('TEXT(Priority) & "!"')
  expect(problems).toEqual([])
})

test('help while writing: what begins with $, what a function takes, what a word means', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await newFormulaField(page, 'Help')
  await editor(page, 'Formula')
  const list = page.locator('.suggest-widget.visible')
  await write(page, '$')
  for (const name of ['$User', '$Organization', '$Profile', '$Setup', '$Label'])
    await list.getByText(name, { exact: true }).waitFor()
  await write(page, '$Profile.Na')
  await list.getByText('Name').first().waitFor()
  await page.keyboard.press('Escape')
  await write(page, '$Label.Support')
  await list.getByText('Support_Signature').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Gives text.').waitFor()

  // The signature stands above or below the list of suggestions, never over it.
  await write(page, 'LEFT(Sub')
  const signature = page.locator('.parameter-hints-widget.visible')
  await signature.waitFor()
  await list.waitFor()
  const [a, b] = [(await signature.boundingBox())!, (await list.boundingBox())!]
  expect(a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x).toBe(true)
  await page.keyboard.press('Escape')
  await write(page, 'LEFT(Subject, 3)')
  await page.keyboard.press('Escape')
  await page.getByText('Gives text.').waitFor()
  await page.locator('.monaco-editor .view-lines span span', { hasText: 'LEFT' }).first().hover()
  await page.locator('.monaco-hover').getByText('LEFT(text, count)').first().waitFor()

  // What the server alone can answer is said, not guessed.
  await page.getByLabel('Gives').selectOption('Checkbox')
  await write(page, 'BUSINESSADD(NOW(), 30) > NOW()')
  await page.getByText('BUSINESSADD can’t be tried here').waitFor()
  expect(problems).toEqual([])
})

test('fields and functions are put in from menus; a mouse is enough', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await newFormulaField(page, 'Half')
  await page.getByLabel('Gives').selectOption('Number')
  await editor(page, 'Formula')
  await page.getByRole('button', { name: 'Insert function' }).click()
  await page.getByRole('searchbox', { name: 'Find a function' }).fill('how many characters')
  await page.getByRole('button', { name: /^LEN\(/ }).click()
  await page.getByRole('button', { name: 'Insert field' }).click()
  await page.getByRole('dialog', { name: 'Insert a field' }).getByRole('searchbox').fill('acc')
  await page.getByRole('button', { name: /^Account ?: its fields/ }).click()
  await page.getByRole('button', { name: /^Account Name/ }).click()
  await expect.poll(() => written(page)).toBe('LEN(Account.Name)')
  await page.getByText('Gives a number.').waitFor()
  expect(problems).toEqual([])
})

test('a validation rule is tested on what is there, saved, holds, and is turned off', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await page.goto('/setup/objects/Case?tab=rules')
  await page.getByRole('button', { name: 'New rule' }).click()
  await page.getByRole('textbox', { name: 'API name' }).fill('No_exclamations')
  await editor(page, 'Refuse the record when')
  await write(page, 'Subject')
  await page.getByText('Here true or false is needed; the formula gives text.').first().waitFor()
  await write(page, 'LEN(Subject) > 0')
  await page.getByText('of the last 10.').waitFor()
  await expect.poll(() => page.getByText('Would block').textContent()).toBe('Would block 10 of the last 10.')
  await write(page, 'CONTAINS(Subject, "!")')
  await expect.poll(() => page.getByText('Would block').textContent()).toBe('Would block 0 of the last 10.')
  await page.getByRole('textbox', { name: 'Message' }).fill('Write the subject without exclamation marks.')
  await page.getByLabel('Show the message').selectOption('Subject')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('heading', { name: 'What will happen' }).waitFor()
  await page.getByRole('button', { name: 'Add the rule' }).click()
  await page.getByRole('heading', { name: /No_exclamations Active/ }).waitFor()

  await page.goto('/o/Case?view=All&new=1')
  await page.getByLabel('Subject').fill('Help!')
  await page.getByRole('button', { name: 'Create Case' }).click()
  await page.locator('#new-Subject-error').getByText('without exclamation marks').waitFor()

  await page.goto('/setup/objects/Case?tab=rules')
  await page.getByRole('button', { name: 'Turn off No_exclamations' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off No_exclamations' }).click()
  await page.getByRole('heading', { name: /No_exclamations Off/ }).waitFor()
  await page.getByRole('button', { name: 'Delete No_exclamations' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete No_exclamations' }).click()
  await page.getByText('No_exclamations deleted.').waitFor()
  await page.getByRole('heading', { name: /No_exclamations/ }).waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('a phone gets a plain box with the same check and the same result', async () => {
  const { page, problems } = await studio.signIn('Alex Admin', { width: 390, height: 844 })
  await newFormulaField(page, 'Short')
  const box = page.getByRole('textbox', { name: 'Formula', exact: true })
  await page.getByRole('button', { name: 'Insert field' }).waitFor()
  await box.fill('LEFT(Subjct, 3)')
  await page.getByRole('button', { name: /No field Subjct on Case/ }).click()
  await box.fill('LEFT(Subject, 3)')
  await page
    .getByRole('region', { name: 'Try it on a record' })
    .getByText(/“.{3}”/)
    .first()
    .waitFor()
  expect(await page.locator('.view-lines').count()).toBe(0)

  // What menus and the layout wrote is taken back like what was typed.
  await box.fill('')
  await page.getByRole('button', { name: 'Insert function' }).click()
  await page.getByRole('button', { name: /^UPPER\(/ }).click()
  await page.getByRole('button', { name: 'Insert field' }).click()
  await page.getByRole('button', { name: /^Subject/ }).click()
  expect(await box.inputValue()).toBe('UPPER(Subject)')
  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await box.inputValue()).toBe('UPPER()')
  expect(problems).toEqual([])
})

describe.each(['light', 'dark'] as const)('axe finds nothing in %s', (colorScheme) => {
  test('while a formula is wrong, right, completed, tried', async () => {
    const { page, problems, context } = await studio.signIn('Alex Admin', { colorScheme })
    await newFormulaField(page, 'Anything')
    await editor(page, 'Formula')
    await write(page, 'IF(Priorty, 1')
    await page.getByRole('button', { name: /No field Priorty/ }).waitFor()
    expect(await violations(page)).toEqual([])
    await write(page, 'Account.Nam')
    await page.locator('.suggest-widget.visible').getByText('Account Name').waitFor()
    expect(await violations(page)).toEqual([])
    await write(page, 'IF(ISBLANK(Account.Name), "none /* no comment */", Subject) /* why */')
    await page.keyboard.press('Escape')
    await page.getByText('Step by step').click()
    expect(await violations(page)).toEqual([])
    for (const menu of ['Insert field', 'Insert function']) {
      await page.getByRole('button', { name: menu }).click()
      await page.getByRole('searchbox').last().waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    await page.goto('/setup/objects/Case?tab=rules&rule=new')
    await editor(page, 'Refuse the record when')
    await write(page, 'LEN(Subject) > 0')
    await page.getByText('of the last 10.').waitFor()
    expect(await violations(page)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  })
})
