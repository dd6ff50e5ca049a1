import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { openPage } from './browser.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

const ROUTES = [
  '/', '/o/Case', '/o/Case?filter=Priority~in~High&q=pump', '/o/Case?new=1', '/o/Account?q=nothing-is-called-this', '/o/Nope__c', '/no/such/page',
  '/setup/objects', '/setup/objects?new=object', '/setup/objects/Case', '/setup/objects/Case?tab=fields', '/setup/objects/Case?tab=layouts',
  '/setup/objects/Case?tab=views', '/setup/objects/Case?tab=rules', '/setup/objects/Case?tab=fields&new=field',
  '/setup/objects/Case?tab=rules&rule=new', '/setup/queue', '/setup/queue?state=fired', '/setup/queue?state=skipped', '/setup/queue?tab=messages',
  '/account', '/o/User?invite=1',
] // prettier-ignore

/** Chooses a type in the drawer of a new field and looks at what it asks. */
const TYPES = ['Text', 'Picklist', 'Lookup', 'Number', 'Formula', 'Roll-up summary']

describe.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
] as const)('axe finds nothing, %s, %i px', (colorScheme, width) => {
  test('on the sign-in and the set-up page', async () => {
    const { page, context } = await openPage(studio.browser, studio.app.url, { colorScheme, width })
    for (const route of ['/', '/setup#abc', '/forgot', '/invitation#abc']) {
      await page.goto(route)
      await settled(page)
      expect(await violations(page), route).toEqual([])
    }
    await context.close()
  })

  test('on every route', async () => {
    const { page, context, problems } = await studio.signIn('Alex Admin', { colorScheme, width })
    const found: string[] = []
    for (const route of ROUTES) {
      await page.goto(route)
      await settled(page)
      found.push(...(await violations(page)).map((violation) => `${route} ${violation}`))
    }
    expect(found).toEqual([])
    expect(problems).toEqual([expect.stringMatching(/404 .*\/no\/such\/page$/)])
    await context.close()
  })

  test('in the drawer of a new field, whatever its type', async () => {
    const { page, context, problems } = await studio.signIn('Alex Admin', { colorScheme, width })
    const found: string[] = []
    for (const type of TYPES) {
      await page.goto('/setup/objects/Account?tab=fields&new=field')
      await page.getByRole('dialog').getByRole('button', { name: type }).first().click()
      await page.getByRole('button', { name: 'Change type' }).waitFor()
      await settled(page)
      found.push(...(await violations(page)).map((violation) => `${type} ${violation}`))
    }
    await page.goto('/setup/objects/Case?tab=fields&edit=IsClosed')
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByText('This formula was not changed since it was made.').waitFor()
    found.push(...(await violations(page)))
    expect(found).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  })

  test('in the drawers and menus of a list', async () => {
    const { page, context } = await studio.signIn('Ana Silva', { colorScheme, width })
    await page.goto('/o/Case?view=All')
    await settled(page)
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Priority' }).click()
    await page.getByRole('dialog').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+K')
    await page.getByRole('combobox').fill('pump')
    await page.getByRole('option').first().waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })

  test('on a record: read, edited, its history', async () => {
    const { page, context } = await studio.signIn('Alex Admin', { colorScheme, width })
    await page.goto('/o/Case?view=All')
    await page.locator('.row .name, .cards .head').first().click()
    await page.getByRole('heading', { name: 'Milestones' }).waitFor()
    await settled(page)
    expect(await violations(page)).toEqual([])
    await page.getByRole('tab', { name: 'History' }).click()
    await settled(page)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('button', { name: 'Save' }).waitFor()
    await settled(page)
    expect(await violations(page)).toEqual([])
    await context.close()
  })
})
