/** A headless Chromium that npm brings, and a page that keeps count of everything that should not happen. */
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** Where it is; the first time on a machine it is unpacked. Not SwiftShader: nothing here draws with WebGL, and a machine without libGL must do. */
export function unpackBrowser(): Promise<string> {
  chromium.setGraphicsMode = false
  return chromium.executablePath()
}

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await unpackBrowser(),
    args: [
      ...chromium.args.filter((arg) => !/single-process|no-zygote|headless/.test(arg)),
      '--no-sandbox',
      '--disable-gpu',
    ],
    headless: true,
  })
}

export interface Watched {
  readonly context: BrowserContext
  readonly page: Page
  /** Console errors, page errors, failed requests and requests to anywhere but our own server. */
  readonly problems: string[]
}

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** What the page may say without its being a problem. */
  readonly expected?: readonly RegExp[]
}

/** Milliseconds for what a person would see at once: machines are slow, and busy with other things. */
const PATIENCE = 60_000

export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<Watched> {
  const { width = 1440, height = 900, colorScheme = 'light', expected = [] } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    baseURL: url,
    locale: 'en-US',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const problems: string[] = []
  const note = (text: string) => expected.some((e) => e.test(text)) || problems.push(text)
  page.on(
    'console',
    (message) => message.type() === 'error' && note(`console: ${message.text()} ${message.location().url}`),
  )
  page.on('pageerror', (error) => note(`page error: ${error.stack ?? error.message}`))
  page.on(
    'requestfailed',
    (request) =>
      request.failure()?.errorText !== 'net::ERR_ABORTED' &&
      note(`failed: ${request.url()} ${request.failure()?.errorText}`),
  )
  page.on(
    'request',
    (request) =>
      /^(https?|wss?):/.test(request.url()) &&
      new URL(request.url()).host !== new URL(url).host &&
      note(`external: ${request.url()}`),
  )
  return { context, page, problems }
}
