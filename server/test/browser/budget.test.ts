import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

const KIB = 1024

/** KiB gzip of the scripts and styles that a page asks for from an empty cache. */
async function weigh(page: Page, route: string): Promise<{ js: number; css: number; largest: number }> {
  const bodies: { kind: 'js' | 'css'; size: Promise<number> }[] = []
  const seen = new Set<string>()
  page.on('response', (response) => {
    const kind = /\.(js|css)$/.exec(new URL(response.url()).pathname)?.[1] as 'js' | 'css' | undefined
    // A preload and the import that it was for are one file.
    if (kind && !seen.has(response.url()))
      bodies.push({ kind, size: response.body().then((body) => gzipSync(body).length / KIB) })
    seen.add(response.url())
  })
  await page.goto(route)
  await settled(page)
  const sizes = await Promise.all(bodies.map(async ({ kind, size }) => ({ kind, size: await size })))
  const sum = (kind: string) => sizes.filter((s) => s.kind === kind).reduce((total, s) => total + s.size, 0)
  return { js: sum('js'), css: sum('css'), largest: Math.max(...sizes.map((s) => s.size)) }
}

/** The weights that the studio promises, KiB gzip: an agent's first page, and what any other route may add up to. */
const BUDGETS = [
  { route: '/', js: 75, css: 10 },
  { route: '/o/Case', js: 75, css: 10 },
  { route: '/r/Case', js: 90, css: 14 },
  { route: '/setup/objects/Case?tab=fields', js: 90, css: 14 },
  { route: '/setup/queue', js: 75, css: 14 },
]

test.each(BUDGETS)('$route weighs at most $js KiB of script and $css of style', async ({ route, js, css }) => {
  const first = await studio.signIn('Alex Admin')
  let address = route
  if (route === '/r/Case') {
    await first.page.goto('/o/Case?view=All')
    address = (await first.page.locator('.row .name').first().getAttribute('href'))!
  }
  const context = await studio.browser.newContext({
    baseURL: studio.app.url,
    storageState: await first.context.storageState(),
  })
  const weight = await weigh(await context.newPage(), address)
  expect(weight.js).toBeLessThanOrEqual(js)
  expect(weight.css).toBeLessThanOrEqual(css)
  expect(weight.largest).toBeLessThanOrEqual(40)
  await context.close()
  await first.context.close()
})

test('a long list keeps few rows in the page, however far one scrolls', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await page.goto('/o/Case?view=All')
  const grid = page.getByRole('grid')
  await grid.getByRole('row').nth(10).waitFor()
  for (let i = 0; i < 6; i++) {
    await grid.evaluate((element) => element.scrollBy(0, 600))
    await page.waitForTimeout(50)
    expect(await grid.getByRole('row').count()).toBeLessThanOrEqual(61)
  }
  expect(problems).toEqual([])
})
