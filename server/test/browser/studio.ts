/** The studio as it ships, in front of a whole server with the demo organisation and a clock that stands still. */
import { execFile } from 'node:child_process'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { manualClock } from '#database'
import { createApp, type App } from '#http'
import { temporaryFolder } from '../folder.ts'
import { launchBrowser, openPage, type PageOptions, type Watched } from './browser.ts'

/** Monday 9 March 2026, 10:00 in New York: the first working day after the clock change. */
export const START = Date.UTC(2026, 2, 9, 14, 0)

export interface Studio {
  readonly app: App
  readonly browser: Browser
  /** A page that a demo user has signed in to, by the sign-in page. */
  signIn(name: string, options?: PageOptions): Promise<Watched>
  /** Moves the clock as an administrator would, over GraphQL. */
  advance(by: string): Promise<void>
  close(): Promise<void>
}

/** Of what the global set-up made, in the folder that it names; each studio has a demo organisation of its own. */
export async function startStudio(made = process.env.MILEPOST_TEST_STUDIO!): Promise<Studio> {
  const folder = await temporaryFolder('demo')
  await copyFile(join(made, DEMO), join(folder, DEMO))
  const app = await openDemo(folder, join(made, STUDIO))
  const browser = await launchBrowser()
  const admin = await adminCookie(app)
  return {
    app,
    browser,
    signIn: async (name, options) => {
      const watched = await openPage(browser, app.url, options)
      await watched.page.goto('/')
      await watched.page.getByRole('button', { name }).click()
      await watched.page.getByRole('heading', { name: /Good day/ }).waitFor()
      return watched
    },
    advance: async (by) => void (await ask(app, admin, 'mutation($by: String!) { clockAdvance(by: $by) }', { by })),
    close: async () => {
      await browser.close()
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const [STUDIO, DEMO] = ['dist', 'demo.sqlite']

const openDemo = (folder: string, studioFolder: string): Promise<App> =>
  createApp({ databaseUrl: `sqlite:${join(folder, DEMO)}`, clock: manualClock(START), studioFolder })

/** Builds the studio and seeds a demo organisation, for any number of `startStudio(folder)`. */
export async function makeStudio(folder: string): Promise<void> {
  await buildStudio(join(folder, STUDIO))
  await (await openDemo(folder, join(folder, STUDIO))).close()
}

/** In a process of its own: a test runner's NODE_ENV would build the development edition. */
async function buildStudio(folder: string): Promise<void> {
  const root = join(import.meta.dirname, '../../..')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const args = [
    vite,
    'build',
    '--config',
    join(root, 'studio/vite.config.ts'),
    '--outDir',
    folder,
    '--logLevel',
    'error',
  ]
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
}

async function adminCookie(app: App): Promise<string> {
  const { username, password } = app.demoUsers[0]!
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${app.url}/auth/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username, password }),
  })
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') // prettier-ignore
}

export async function ask(app: App, cookie: string, query: string, variables?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', cookie }
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as { data?: unknown; errors?: readonly { message: string }[] }
  if (answer.errors) throw new Error(answer.errors.map((e) => e.message).join('\n'))
  return answer.data
}

/** The route is drawn and nothing is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.locator('.skeleton, [aria-busy=true]').first().waitFor({ state: 'detached' })
}
