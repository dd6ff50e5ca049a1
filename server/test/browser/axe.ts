import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Every violation as `rule: element`; `except`: elements whose markup is a library's own. */
export async function violations(page: Page, except?: string): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (left) => {
    interface Result { readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[] }[] } // prettier-ignore
    const { run } = (globalThis as unknown as { axe: { run(context: object, options: object): Promise<Result> } }).axe
    const context = left === undefined ? { include: [['html']] } : { include: [['html']], exclude: [[left]] }
    const { violations } = await run(context, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} — ${n.failureSummary}`))
  }, except)
}
