import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { readSetting } from '#automation'
import { openDatabase } from '#database'
import { opener } from '#test/databases'

const open = opener('postgres')

/** A server as a process of its own, without the studio's build; it says `ready`, or why not. */
const PROGRAM = `
  import { createApp } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
  const app = await createApp({ databaseUrl: process.argv[1], say: console.log }).catch((error) => {
    console.log(error.message)
    process.exit(1)
  })
  console.log('ready', app.demoUsers.length, app.engine.catalogs.current().version)
  process.on('SIGTERM', () => app.close().then(() => process.exit(0)))
`

interface Node {
  readonly process: ChildProcess
  readonly said: () => string
}

function start(url: string): Node {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { process: child, said: () => said }
}

async function stop({ process: child }: Node): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

test('two servers that start at once on an empty PostgreSQL: one makes the organisation, the other waits and goes on', async () => {
  const url = await open.empty()
  const nodes = [start(url), start(url)]
  for (const node of nodes) await expect.poll(node.said).toContain('ready')
  const said = nodes.map((node) => node.said().split('\n').filter(Boolean))
  const ready = expect.stringMatching(/^ready 4 \d+$/)
  expect(said.sort((a, b) => a.length - b.length)).toEqual([
    [ready],
    ['Another server is bringing this database up; this one waits for it.', ready],
  ])
  expect(said[0]![0]).toBe(said[1]![1])
  for (const node of nodes) await stop(node)
  const database = await openDatabase({ url })
  expect(await database.get('SELECT COUNT(*) AS n FROM user_credential')).toEqual({ n: '4' })
  await database.close()
})

test('when the first is killed while it makes the organisation, the other says what to do', async () => {
  const url = await open.empty()
  const first = start(url)
  const onlooker = await openDatabase({ url, migrate: false })
  const begun = () => onlooker.get('SELECT 1 AS x FROM metadata_version').catch(() => undefined)
  while (!(await begun())) await wait(5)
  first.process.kill('SIGSTOP')
  const second = start(url)
  await expect.poll(second.said).toContain('waits')
  first.process.kill('SIGKILL')
  expect(await readSetting(onlooker, 'organisation')).toBeUndefined()
  await once(second.process, 'exit')
  expect(second.process.exitCode).toBe(1)
  expect(second.said()).toMatch(/interrupted half way.* Drop the database, create it anew and start again\./)
  await onlooker.close()
})
