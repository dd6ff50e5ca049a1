/** A headless Chromium that npm brings, and a page that keeps count of everything that should not happen. */
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** SwiftShader is not unpacked: nothing here draws with WebGL, and a machine without libGL must do. */
export async function launchBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false
  return playwright.launch({
    executablePath: await chromium.executablePath(),
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
