/** The studio in Chromium as an administrator feels it: the formula editor's opening and keystrokes, the first page, a change of route. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { rm } from 'node:fs/promises'
import { temporaryFolder } from '../folder.ts'
import { makeStudio, startStudio, type Studio } from './studio.ts'

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
}
const KEYSTROKES = 60
const CHARACTERS = 3_000
const round = (value: number): number => Math.round(value * 10) / 10
const ms = (name: string, value: number): Measure => ({ name, value: round(value), unit: 'ms' })
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

export async function bench(): Promise<Measure[]> {
  const folder = await temporaryFolder('studio')
  await makeStudio(folder)
  const studio = await startStudio(folder)
  try {
    return [...(await firstPage(studio)), ...(await editor(studio))]
  } finally {
    await studio.close()
    await rm(folder, { recursive: true, force: true })
  }
}

// What runs in the page is text here: the server's own code knows no document.
const LARGEST_PAINT = `new Promise((resolve) =>
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))`
const SINCE_CLICK = `(wanted) => new Promise((resolve) =>
  addEventListener('click', ({ timeStamp }) => {
    const look = () => (document.querySelector(wanted) ? resolve(performance.now() - timeStamp) : requestAnimationFrame(look))
    requestAnimationFrame(look)
  }, { capture: true, once: true }))`
/** How long each key took to its frame, and when the words below the box said last that the formula is right. */
const WATCH_KEYS = `
  var frames = [], lastKey, checkedAt
  addEventListener('keydown', ({ key, timeStamp }) => {
    if (key === '"') { lastKey = timeStamp; checkedAt = undefined }
    requestAnimationFrame(() => frames.push(performance.now() - timeStamp))
  }, true)
  new MutationObserver(() => {
    if (document.querySelector('#field-formula-state').textContent.includes('Gives text.')) checkedAt = performance.now()
  }).observe(document.querySelector('#field-formula-state').parentElement, { subtree: true, childList: true, characterData: true })
  undefined`

/** Largest contentful paint of the home page with an empty cache, and of the case list after a click. */
async function firstPage(studio: Studio): Promise<Measure[]> {
  const { context, page } = await studio.signIn('Ana Silva')
  const state = await context.storageState()
  const paints = await Promise.all([1, 4].map((slower) => paint(studio, state, slower)))
  const route = middle(await repeated(5, () => changeRoute(page)))
  await context.close()
  return [
    ms('home page: largest contentful paint, empty cache', paints[0]!),
    ms('home page: largest contentful paint, processor four times slower', paints[1]!),
    ms('from home to the list of cases, warm', route),
  ]
}

async function paint(studio: Studio, storageState: StorageState, slower: number): Promise<number> {
  const context = await studio.browser.newContext({ baseURL: studio.app.url, storageState })
  const page = await context.newPage()
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto('/')
  await page.getByRole('heading', { name: /Good day/ }).waitFor()
  await page.waitForLoadState('networkidle')
  const at = await page.evaluate<number>(LARGEST_PAINT)
  await context.close()
  return at
}

async function changeRoute(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('heading', { name: /Good day/ }).waitFor()
  await page.waitForLoadState('networkidle')
  return sinceClick(
    page,
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Cases', exact: true }),
    '.row .name',
  )
}

/** From the click to the first frame that holds the element. */
async function sinceClick(page: Page, target: ReturnType<Page['locator']>, selector: string): Promise<number> {
  const waiting = page.evaluate<number>(`(${SINCE_CLICK})(${JSON.stringify(selector)})`)
  await target.click()
  return waiting
}

async function editor(studio: Studio): Promise<Measure[]> {
  const { context, page } = await studio.signIn('Alex Admin')
  await page.goto('/setup/objects/Case?tab=fields&new=field')
  await page.waitForLoadState('networkidle')
  const type = page.getByRole('button', { name: /^Formula/ })
  const cold = await sinceClick(page, type, '.monaco-editor .view-lines')
  await page.getByRole('button', { name: 'Change type' }).click()
  const warm = await sinceClick(page, type, '.monaco-editor .view-lines')
  const typed = await keystrokes(page, await context.newCDPSession(page))
  await context.close()
  return [
    ms('formula editor: opened for the first time', cold),
    ms('formula editor: opened again', warm),
    ms(`keystroke in a formula of ${CHARACTERS} characters: script, style and layout, mean`, typed.work),
    ms('the slowest one: from the key to the next frame', typed.slowest),
    ms('from the last key to the check being shown', typed.checked),
  ]
}

const formulaOf = (characters: number): string => {
  const part = 'IF(ISPICKVAL(Priority, "High"), LEFT(Subject, 3), Account.Name) & '
  return `${part.repeat(Math.floor((characters - 10) / part.length))}Subject`
}

async function keystrokes(page: Page, cdp: CDPSession): Promise<{ work: number; slowest: number; checked: number }> {
  await page.getByRole('textbox', { name: 'Formula', exact: true }).focus()
  await page.keyboard.insertText(formulaOf(CHARACTERS))
  await page.keyboard.insertText(' & "')
  await page.waitForTimeout(1500)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.evaluate(WATCH_KEYS)
  const before = await workTime(cdp)
  await page.keyboard.type('x'.repeat(KEYSTROKES), { delay: 40 })
  const work = ((await workTime(cdp)) - before) / KEYSTROKES
  await page.keyboard.type('"')
  await page.evaluate('new Promise((done) => { const look = () => (checkedAt === undefined ? setTimeout(look, 20) : done()); look() })') // prettier-ignore
  const seen = await page.evaluate<{ slowest: number; checked: number }>('({ slowest: Math.max(...frames), checked: checkedAt - lastKey })') // prettier-ignore
  return { work, ...seen }
}

/** Scripts, styles and layout, in milliseconds of the processor; painting is the machine's, which has no graphics processor here. */
async function workTime(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  return (of('ScriptDuration') + of('RecalcStyleDuration') + of('LayoutDuration')) * 1000
}

async function repeated(times: number, run: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let i = 0; i < times; i++) values.push(await run())
  return values
}
