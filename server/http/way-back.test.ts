import { expect, test } from 'vitest'
import { quote } from '#database'
import { describeDatabases } from '#test/databases'
import { createApp, type App } from './index.ts'
import { cookieFrom, Person, startServer, tokenOf } from './testing.ts'

describeDatabases('an organisation that nobody can look after', (open) => {
  /** As an earlier release let it happen: the one administrator is not active. */
  async function abandoned(url: string): Promise<void> {
    let close = async (): Promise<void> => {}
    const { app } = await startServer(url, {}, (made) => (close = made))
    const user = app.engine.catalogs.current().object('User')!
    await app.engine.database.transaction((tx) => tx.run(`UPDATE ${quote(user.table)} SET ${quote(user.field('IsActive')!.column!)} = ${tx.dialect === 'sqlite' ? '0' : 'false'}`)) // prettier-ignore
    await close()
  }
  const start = (url: string, setupLink = false): Promise<App> =>
    createApp({ databaseUrl: url, worker: false, setupLink })

  test('gets a set-up link at the next start, and with it an administrator', async () => {
    const url = await open.url()
    await abandoned(url)
    const app = await start(url)
    const token = tokenOf(app.setupUrl!)
    const body = {
      token,
      username: 'rae@example.com',
      firstName: 'Rae',
      lastName: 'Rescue',
      password: 'a way back into the house',
    }
    const setUp = async () => ((await (await fetch(`${app.url}/auth/sign-in`)).json()) as { setUp: boolean }).setUp
    expect(await setUp()).toBe(true)
    const made = await new Person(app, {}).post('/auth/setup', body)
    expect(await setUp()).toBe(false)
    const rae = new Person(app, { cookie: cookieFrom(made) })
    expect((await rae.data('{ me { systemPermissions } }')).me.systemPermissions).toContain('manageUsers')
    expect((await new Person(app, {}).post('/auth/setup', { ...body, username: 'eve@example.com' })).status).toBe(410)
    await app.close()
    const again = await start(url)
    expect(again.setupUrl).toBeUndefined()
    await again.close()
  })

  test('gives a link on demand too, when passwords are lost', async () => {
    const url = await open.url()
    let close = async (): Promise<void> => {}
    await startServer(url, {}, (made) => (close = made))
    await close()
    const app = await start(url, true)
    expect(app.setupUrl).toContain('/setup#')
    await app.close()
  })
})
