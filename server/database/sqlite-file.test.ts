import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import sqlite3 from 'sqlite3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './open.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'milepost-file-'))))
afterAll(() => rm(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const urlOf = (name: string): string => `sqlite:${at(name)}`
const made = async (name: string): Promise<string> => {
  await (await openDatabase({ url: urlOf(name) })).close()
  return at(name)
}
const ofAnother = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const db = new sqlite3.Database(at(name))
    db.exec('CREATE TABLE todo (id int); CREATE TABLE done (id int)')
    db.close((error) => (error ? reject(error) : resolve()))
  })

test.each<[string, (name: string) => Promise<unknown>, RegExp]>([
  ['is empty', (name) => writeFile(at(name), ''), /is there, but empty.* Restore it from a backup, or delete it/],
  ['is a folder', (name) => mkdir(at(name)), /is a folder or a device/],
  ['is a text', (name) => writeFile(at(name), 'no database '.repeat(100)), /is no SQLite database\. Name another/],
  ['was cut short', async (name) => truncate(await made(name), 20_000), /is damaged or cut short\. .*from a backup/],
  ['is another program’s', ofAnother, /is another program’s: it has tables \(done, todo\).* Name another file/],
  ['is a link to nothing', (name) => symlink(at('gone'), at(name)), /a link to a file that is not there/],
])('a file that %s is refused in a sentence that names it, and left as it was', async (name, make, words) => {
  await make(name)
  const before = await readFile(at(name)).catch(() => undefined)
  const refused = await openDatabase({ url: urlOf(name) }).catch((error: Error & { hint: string }) => error)
  expect(refused).toMatchObject({ name: 'DatabaseError', code: expect.stringMatching(/UNAVAILABLE|CORRUPT/) })
  const { message, hint } = refused as Error & { hint: string }
  expect(`${message} ${hint}`).toMatch(words)
  expect(await readFile(at(name)).catch(() => undefined)).toEqual(before)
})

/** A process of its own that prints `open` and keeps the file until it is killed, or the code by which it is refused. */
const PROGRAM = `import { openDatabase } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
  await openDatabase({ url: process.argv[1], exclusive: true }).catch((error) => {
    console.log(error.code)
    process.exit(1)
  })
  console.log('open')
  setInterval(() => {}, 60_000)`
function run(name: string) {
  const args = ['--input-type=module', '--eval', PROGRAM, urlOf(name)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}
const firstLine = async ({ stdout }: ReturnType<typeof run>): Promise<string> =>
  String(await once(stdout, 'data')).trim()
async function start(name: string): Promise<ChildProcess> {
  const child = run(name)
  expect(await firstLine(child)).toBe('open')
  return child
}

describe('a file that a server works on', () => {
  test('is refused to a second one, under whatever name; looking at it is allowed', async () => {
    await made('taken')
    await symlink(at('taken'), at('link'))
    await symlink(folder, at('elsewhere'))
    const server = await openDatabase({ url: urlOf('taken'), exclusive: true })
    for (const path of [at('taken'), at('link'), at('elsewhere/taken'), at('./x/../taken'), relative('.', at('taken'))])
      await expect(openDatabase({ url: `sqlite:${path}`, exclusive: true })).rejects.toMatchObject({
        code: 'IN_USE',
        message: expect.stringContaining(at('taken')),
        hint: expect.stringMatching(/^Stop that one first/),
      })
    const onlooker = await openDatabase({ url: urlOf('link') })
    expect(await onlooker.all('SELECT key FROM setting')).toEqual([])
    await onlooker.close()
    await server.close()
    await (await openDatabase({ url: urlOf('link'), exclusive: true })).close()
  })

  test('is free again once its server has been killed', async () => {
    const server = await start('killed')
    await expect(openDatabase({ url: urlOf('killed'), exclusive: true })).rejects.toMatchObject({ code: 'IN_USE' })
    server.kill('SIGKILL')
    await once(server, 'exit')
    await (await openDatabase({ url: urlOf('killed'), exclusive: true })).close()
    expect((await stat(at('killed'))).size).toBeGreaterThan(0)
  })

  test.each<[string, (from: string, to: string) => Promise<void>]>([
    ['a hard link', link],
    ['the name it was given meanwhile', rename],
  ])('is refused to a second process by %s, whether it was there before or is new', async (_, make) => {
    for (const before of [made, async () => {}]) {
      await Promise.all(['one', 'other'].map((name) => rm(at(name), { force: true })))
      await before('one')
      const server = await start('one')
      await make(at('one'), at('other'))
      expect(await firstLine(run('other'))).toBe('IN_USE')
      server.kill('SIGKILL')
      await once(server, 'exit')
      await (await openDatabase({ url: urlOf('other'), exclusive: true })).close()
    }
  })

  test('that could not be brought up lets go of its file', async () => {
    await ofAnother('foreign')
    for (let i = 0; i < 2; i++)
      await expect(openDatabase({ url: urlOf('foreign'), exclusive: true })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      })
  })
})
