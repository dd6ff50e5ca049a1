import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { settled, startStudio, type Studio } from './studio.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio?.close())

interface Planned {
  readonly data: { readonly made: { readonly planId: string; readonly findings: readonly unknown[] } }
}
/** As the signed-in user, past the screens. */
async function ask<T>(page: Page, query: string, variables: object): Promise<T> {
  const body = JSON.stringify({ query, variables })
  return page.evaluate(async (text) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/graphql', { method: 'POST', headers, body: text })).json()
  }, body) as Promise<T>
}

/** What happens shortly before a case's resolution is due, from now on. */
async function warnBy(page: Page, document: object): Promise<void> {
  const name = 'Case_Task_Resolution'
  const changes = [{ kind: 'Action', name, document: { kind: 'Action', name, object: 'Case', ...document } }]
  const plan =
    'mutation($changes: [MetadataChangeInput!]!) { made: metadataPlan(changes: $changes) { planId findings { message } } }'
  const { data } = await ask<Planned>(page, plan, { changes })
  expect(data.made.findings).toEqual([])
  await ask(page, 'mutation($id: ID!) { metadataApply(planId: $id) { version } }', { id: data.made.planId })
}

test('timers wait, fire late, are skipped with a reason and cancelled; a held message is read and sent again', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  await page.getByRole('link', { name: 'Queue' }).click()
  const rows = page.getByRole('region', { name: 'Timers' }).getByRole('row')
  await rows.nth(50).waitFor()
  expect(await rows.count()).toBe(51)
  await page.getByRole('button', { name: 'Show more' }).click()
  await rows.nth(51).waitFor()

  // A step is taken off with a reason, and stands among the skipped from then on; the violation itself can't be.
  const skipped = page.getByRole('button', { name: /^Skipped \d+$/ })
  const before = Number((await skipped.textContent())?.match(/\d+/)?.[0])
  expect(await rows.filter({ hasText: /^Violation/ }).getByRole('button', { name: 'Cancel' }).count()).toBe(0) // prettier-ignore
  const step = rows.filter({ hasText: /^Warning/ }).first()
  const name = await step.getByRole('link').textContent()
  await step.getByRole('button', { name: 'Cancel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel timer' }).click()
  await dialog.getByText('Say why: others will read it').waitFor()
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Agreed with the customer')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Cancel timer' }).click()
  await page.getByText('The timer is cancelled.').waitFor()
  await page.getByRole('button', { name: `Skipped ${before + 1}`, exact: true }).click()
  const cancelled = rows.filter({ hasText: 'Agreed with the customer' })
  await cancelled.waitFor()
  expect(await cancelled.getByRole('link').textContent()).toBe(name)
  await rows.getByText('late attach').first().waitFor()
  expect(page.url()).toContain('state=skipped')
  await page.getByRole('searchbox', { name: 'Find by milestone or step' }).fill('nothing is called this')
  await page.getByRole('heading', { name: 'Nothing fits' }).waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await rows.nth(1).waitFor()

  await page.getByRole('tab', { name: 'Messages' }).click()
  await page.getByRole('heading', { name: 'Nothing waiting' }).waitFor()
  await warnBy(page, { label: 'E-mail: resolution is due', type: 'EmailAlert', template: 'Case_Overdue', recipients: ['owner'] }) // prettier-ignore
  await studio.advance('PT50H')
  await page.goto('/setup/queue?tab=messages&state=held')
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByRole('button', { name: /is overdue$/ }).first().click() // prettier-ignore
  const drawer = page.getByRole('dialog', { name: /is overdue$/ })
  await drawer.getByText('No mail server is configured. Set SMTP_URL, then send it again.').waitFor()
  await drawer.getByText('has missed its promise.').waitFor()
  await settled(page)
  expect(await violations(page)).toEqual([])
  await drawer.getByRole('button', { name: 'Send now' }).click()
  await page.getByText('It is on its way again.').waitFor()
  await messages.getByRole('link').first().click()
  await page.getByRole('heading', { name: 'Milestones' }).waitFor()
  expect(problems).toEqual([])
})

test('a step that failed says why and is tried again', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  const setDescription = async (Description: string) => {
    const found = 'query { cases: Case(where: { Subject: { eq: "Pump is silent" } }, first: 1) { nodes { Id } } }'
    const { data } = await ask<{ data: { cases: { nodes: [{ Id: string }] } } }>(page, found, {})
    const change = 'mutation($id: ID!, $input: CaseUpdateInput!) { saved: CaseUpdate(Id: $id, input: $input) { errors { message } } }' // prettier-ignore
    const answer = await ask<object>(page, change, { id: data.cases.nodes[0].Id, input: { Description } })
    expect(answer).toEqual({ data: { saved: { errors: [] } } })
  }
  await warnBy(page, { label: 'Number it', type: 'FieldUpdate', field: 'Subject', formula: 'IF(Subject = "Pump is silent", TEXT(VALUE(Description)), Subject)' }) // prettier-ignore
  const made = 'mutation { saved: CaseCreate(input: { Subject: "Pump is silent", Priority: "Critical", Description: "seven" }) { errors { message } } }' // prettier-ignore
  expect(await ask<object>(page, made, {})).toEqual({ data: { saved: { errors: [] } } })
  await studio.advance('PT50H')
  await page.goto('/setup/queue?state=failed')
  const row = page.getByRole('region', { name: 'Timers' }).getByRole('row').filter({ hasText: 'Warning' }).first() // prettier-ignore
  await row.getByText('is not a number').waitFor()
  const failed = page.getByRole('button', { name: /^Failed/ })
  const before = Number((await failed.textContent())?.match(/\d+/)?.[0])
  await row.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('region', { name: 'Messages' }).getByText('is not a number').waitFor()
  await setDescription('7')
  await row.getByRole('button', { name: 'Retry' }).click()
  await page.getByText('Tried again.').waitFor()
  await expect.poll(() => failed.textContent()).toContain(String(before - 1))
  expect(problems).toEqual([])
})

test('set-up goes home as documents: a row of it, and all of an object', async () => {
  const { page, problems } = await studio.signIn('Alex Admin')
  const downloaded = async (item: string) => {
    const waiting = page.waitForEvent('download')
    await page.getByRole('main').getByRole('button', { name: 'More actions' }).first().click()
    await page.getByRole('menuitem', { name: item }).click()
    const download = await waiting
    return { name: download.suggestedFilename(), content: JSON.parse(await readFile(await download.path(), 'utf8')) as unknown } // prettier-ignore
  }
  await page.goto('/o/BusinessHours')
  await page.getByRole('grid').getByRole('link', { name: 'US Support', exact: true }).click()
  await page.getByRole('heading', { name: 'US Support' }).waitFor()
  const row = await downloaded('Download document')
  expect(row.name).toBe('BusinessHours.US_Support.json')
  expect(row.content).toMatchObject({ kind: 'Row', name: 'BusinessHours.US_Support', values: { TimeZone: 'America/New_York' } }) // prettier-ignore
  await page.goto('/setup/objects/Case')
  const object = await downloaded('Download documents')
  expect(object.name).toBe('Case.json')
  expect(object.content).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'Object', name: 'Case' }),
      expect.objectContaining({ kind: 'Field', name: 'Case.Priority' }),
      expect.objectContaining({ kind: 'Layout', name: 'Case.Default' }),
    ]),
  )
  expect(problems).toEqual([])
})

test('an agent is not offered the queue', async () => {
  const { page } = await studio.signIn('Ana Silva')
  expect(await page.getByRole('link', { name: 'Queue' }).count()).toBe(0)
})
