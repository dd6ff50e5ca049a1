import { execFile } from 'node:child_process'
import { expect, it } from 'vitest'
import { openDatabase, quote } from '#database'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'

const script = (name: string, url: string, ...words: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const file = new URL(`../../scripts/${name}.ts`, import.meta.url).pathname
    const env = { ...process.env, DATABASE_URL: url }
    const child = execFile(process.execPath, [file, ...words], { env }, (_error, out, complaint) =>
      resolve({ code: child.exitCode ?? -1, out: out + complaint }),
    )
  })

async function spoiled(url: string): Promise<void> {
  const o = await openOrganisation((options) => openDatabase({ url, ...options }), '2026-03-06T15:00:00Z')
  await o.create('Case', { Subject: 'x', Priority: 'High', Status: 'New' }, 'ana')
  await o.create('PermissionSetAssignment', { AssigneeId: o.ids.ana!, PermissionSet: 'System_Administrator' })
  expect(await o.engine.diagnose()).toEqual([])
  await spoil(o)
  await o.engine.stop()
  await o.database.close()
}

async function spoil(o: Organisation): Promise<void> {
  const object = o.engine.catalogs.current().object('RecordMilestone')!
  const status = quote(object.field('Status')!.column!)
  await o.database.transaction((tx) => tx.run(`UPDATE ${quote(object.table)} SET ${status} = 'Paused'`))
}

describeDatabases(
  'npm run doctor and npm run repair',
  (open) => {
    it('tell what differs, mend it when told to, and are content afterwards', async () => {
      const url = await open.url()
      await spoiled(url)
      expect(await script('doctor', url)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^0 errors, 0 warnings$/m),
      })
      const told = await script('repair', url)
      expect(told).toMatchObject({ code: 1, out: expect.stringMatching(/Status is "Paused", the log says "Running"/) })
      expect(told.out).toMatch(/1 records replayed, 1 differ in 2 things, 0 mended\nNothing was written/)
      expect(await script('repair', url, '--write')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/2 mended$/m),
      })
      expect(await script('repair', url)).toMatchObject({ code: 0, out: expect.stringMatching(/0 differ/) })
    })

    it.runIf(open.dialect === 'sqlite')('write to a file only while no server works on it', async () => {
      const url = await open.url()
      const server = await openDatabase({ url, exclusive: true })
      expect(await script('doctor', url)).toMatchObject({ code: 0 })
      expect(await script('repair', url)).toMatchObject({ code: 0 })
      expect(await script('repair', url, '--write')).toMatchObject({
        code: 2,
        out: expect.stringMatching(/Another process of Milepost works on .*Stop that one first/),
      })
      await server.close()
      expect(await script('repair', url, '--write')).toMatchObject({ code: 0 })
    })

    it('say what to do on a database that holds nothing', async () => {
      expect(await script('doctor', await open.empty())).toMatchObject({
        code: 2,
        out: expect.stringMatching(/no organisation.*Start the server once/),
      })
    })
  },
  installShipped,
)
