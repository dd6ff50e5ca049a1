import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smtpMail } from '#automation'
import { createApp, type App } from '#http'
import { mailServer, type MailServer } from '../../automation/outbox/testing.ts'
import { temporaryFolder } from '../folder.ts'
import { violations } from './axe.ts'
import { launchBrowser, openPage, type PageOptions } from './browser.ts'
import { settled } from './studio.ts'

/** A refused sign-in and a link that is over are said by the page; the browser notes the status as well. */
const REFUSED = { expected: [/status of (401|410|422)/] }
const [FIRST, SECOND] = ['seven quiet herons wade', 'nine loud herons fly off']

let [folder, browser, mail] = ['', undefined as unknown as Browser, undefined as unknown as MailServer]
const apps: App[] = []
beforeAll(async () => {
  folder = await temporaryFolder('organisation')
  browser = await launchBrowser()
  mail = await mailServer()
})
afterAll(async () => {
  await browser.close()
  for (const app of apps) await app.close()
  await mail.close()
  await rm(folder, { recursive: true, force: true })
})

/** A new organisation in production, as main starts it. */
async function organisation(name: string, withMail: boolean): Promise<App> {
  const port = await freePort()
  const app = await createApp({
    databaseUrl: `sqlite:${join(folder, name)}`,
    studioFolder: join(process.env.MILEPOST_TEST_STUDIO!, 'dist'),
    production: true,
    port,
    publicUrl: `http://localhost:${port}`,
    ...(withMail ? { mail: smtpMail(mail.url, 'milepost@example.com') } : {}),
  })
  apps.push(app)
  return app
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

async function linkFrom(page: string): Promise<string> {
  await expect.poll(() => mail.messages.at(-1)?.text ?? '').toContain(`/${page}#`)
  const text = mail.messages.at(-1)!.text.replaceAll('=\r\n', '').replaceAll('=3D', '=')
  return /http:\S+#\S+/.exec(text)![0]
}

const isHome = (page: Page) => page.getByRole('heading', { name: /Good day/ }).waitFor()
const found: string[] = []
/** axe looks at every screen on the way. */
async function look(page: Page): Promise<void> {
  await settled(page)
  found.push(...(await violations(page)).map((violation) => `${page.url()} ${violation}`))
}

async function setUp(app: App, options: PageOptions = {}) {
  const opened = await openPage(browser, app.url, options)
  const { page } = opened
  await page.goto(app.setupUrl!)
  await page.getByLabel('First name').fill('Alex')
  await page.getByLabel('Last name').fill('Admin')
  await page.getByLabel('Username').fill('alex@example.com')
  await page.getByLabel('Password').fill(FIRST)
  await look(page)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await isHome(page)
  expect(new URL(page.url()).hash).toBe('')
  return opened
}

/** As a standard user: that is chosen already. */
async function invite(page: Page, email: string): Promise<void> {
  await page.getByRole('link', { name: 'Users', exact: true }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const drawer = page.getByRole('dialog', { name: 'Invite a user' })
  await drawer.getByLabel('E-mail address').fill(email)
  expect(await drawer.getByLabel('Standard User').isChecked()).toBe(true)
  expect(await drawer.getByLabel('System Administrator').isChecked()).toBe(false)
  await look(page)
  await drawer.getByRole('button', { name: /the invitation$/ }).click()
}

test('from the set-up link to a second user who works, forgets the password and chooses a new one', async () => {
  const app = await organisation('mailed', true)
  const admin = await setUp(app)
  await invite(admin.page, 'ben@example.com')
  await admin.page.getByText('The invitation is on its way to ben@example.com.').waitFor()
  await admin.page.getByRole('button', { name: 'Done' }).click()
  await admin.page.getByRole('heading', { name: 'ben@example.com' }).waitFor()

  const ben = await openPage(browser, app.url, REFUSED)
  const link = await linkFrom('invitation')
  await ben.page.goto(link)
  await ben.page.getByText('Alex Admin has made an account for you.').waitFor()
  await ben.page.getByLabel('First name').fill('Ben')
  await ben.page.getByLabel('Last name').fill('Okafor')
  await ben.page.getByLabel('Password').fill(FIRST)
  await look(ben.page)
  await ben.page.getByRole('button', { name: 'Accept and sign in' }).click()
  await isHome(ben.page)
  await ben.page.goto('/o/Account')
  await ben.page.getByRole('button', { name: 'New Account' }).first().click()
  await ben.page.getByLabel('Account Name').fill('Acme')
  await ben.page.getByRole('button', { name: 'Create Account' }).click()
  await ben.page.getByRole('heading', { name: 'Acme' }).waitFor()
  await ben.page.goto('/o/Case')
  await ben.page.getByRole('button', { name: 'New Case' }).first().click()
  await ben.page.getByLabel('Subject').fill('Valve leaks')
  await ben.page.getByRole('button', { name: 'Create Case' }).click()
  await ben.page.getByRole('heading', { name: 'Valve leaks' }).waitFor()
  await look(ben.page)
  await ben.page.goto('/setup/objects')
  await ben.page.getByRole('heading', { name: 'You have no access to set-up' }).waitFor()
  await ben.page.goto('/o/Account')
  await ben.page.getByRole('link', { name: 'Acme' }).click()
  await ben.page.getByRole('heading', { name: 'Acme' }).waitFor()

  const phone = await openPage(browser, app.url, { ...REFUSED, width: 390 })
  await phone.page.goto(link)
  await phone.page.getByText('This invitation has been accepted.').waitFor()
  await look(phone.page)
  await phone.page.getByRole('link', { name: 'Go to sign-in' }).click()
  await phone.page.getByRole('link', { name: 'Forgot your password?' }).click()
  await phone.page.getByLabel('Username').fill('ben@example.com')
  await look(phone.page)
  await phone.page.getByRole('button', { name: 'Send the link' }).click()
  await phone.page.getByRole('heading', { name: 'Look into your e-mail' }).waitFor()
  await look(phone.page)
  await phone.page.goto(await linkFrom('reset'))
  await phone.page.getByLabel('New password').fill(SECOND)
  await look(phone.page)
  await phone.page.getByRole('button', { name: 'Save it and sign in' }).click()
  await isHome(phone.page)

  // The session of before is over; the new password opens another.
  await ben.page.reload()
  await ben.page.getByLabel('Username').fill('ben@example.com')
  await ben.page.getByLabel('Password').fill(FIRST)
  await ben.page.getByRole('button', { name: 'Sign in' }).click()
  await ben.page.getByText('The username or the password is wrong').waitFor()
  await ben.page.getByLabel('Password').fill(SECOND)
  await ben.page.getByRole('button', { name: 'Sign in' }).click()
  await ben.page.getByRole('heading', { name: 'Acme' }).waitFor()
  expect([found.splice(0), admin.problems, ben.problems, phone.problems]).toEqual([[], [], [], []])
})

test('without a mail server the link is copied once; an account looks after its password, sessions and tokens', async () => {
  const app = await organisation('unmailed', false)
  const door = await openPage(browser, app.url)
  await door.page.goto('/')
  await door.page.getByText('No administrator can sign in here yet.').waitFor()
  await door.page.getByText('Ask an administrator for a link.').waitFor()
  await look(door.page)
  expect(door.problems).toEqual([])
  const { page, context, problems } = await setUp(app, { colorScheme: 'dark', ...REFUSED })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await invite(page, 'cleo@example.com')
  const shown = page.getByLabel('Link for cleo@example.com')
  const link = await shown.inputValue()
  await page.getByRole('button', { name: 'Copy' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(link)
  await look(page)
  await page.getByRole('button', { name: 'Done' }).click()

  const cleo = await openPage(browser, app.url, REFUSED)
  await cleo.page.goto('/forgot')
  await cleo.page.getByLabel('Username').fill('cleo@example.com')
  await cleo.page.getByRole('button', { name: 'Send the link' }).click()
  await cleo.page.getByText('This server sends no e-mails.').waitFor()
  await cleo.page.goto(link)
  await cleo.page.getByLabel('Last name').fill('Marsh')
  await cleo.page.getByLabel('Password').fill(FIRST)
  await cleo.page.getByRole('button', { name: 'Accept and sign in' }).click()
  await isHome(cleo.page)

  // One's own account.
  await cleo.page.getByRole('button', { name: /Marsh/ }).click()
  await cleo.page.getByRole('menuitem', { name: 'Password, sessions, tokens' }).click()
  await cleo.page.getByText('This one').waitFor()
  await cleo.page.getByLabel('What is it for?').fill('Nightly import')
  await cleo.page.getByRole('button', { name: 'Make a token' }).click()
  expect(await cleo.page.getByLabel('Token “Nightly import”').inputValue()).toMatch(/^mp_/)
  await cleo.page.getByRole('button', { name: 'Revoke Nightly import' }).waitFor()
  await look(cleo.page)
  await cleo.page.getByLabel('Present password').fill(FIRST)
  await cleo.page.getByLabel('New password').fill(SECOND)
  await cleo.page.getByRole('button', { name: 'Change password' }).click()
  await cleo.page.getByText('Your password is changed.').waitFor()

  // The administrator revokes and ends what is another's.
  await page.getByRole('button', { name: 'Access', exact: true }).click()
  await page.getByText(/Has a password\. The last invitation was made on .* and was used\./).waitFor()
  await look(page)
  await page.getByRole('button', { name: 'Revoke Nightly import' }).click()
  await page.getByText('No tokens.').waitFor()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByText('Signed in nowhere.').waitFor()
  await page.getByRole('button', { name: 'Make a reset link' }).click()
  const reset = await page.getByLabel('Link for cleo@example.com').inputValue()
  await cleo.page.goto('/')
  await cleo.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await cleo.page.goto(reset)
  await cleo.page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
  await page.goto('/account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect([found.splice(0), problems, cleo.problems]).toEqual([[], [], []])
})
