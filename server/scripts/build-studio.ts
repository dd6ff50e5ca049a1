/** Builds the studio when its files are newer than the last build. Skipped without a studio folder or without Vite (a slim production install). */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const STUDIO = join(ROOT, 'studio')
const BUILT = join(STUDIO, 'dist/index.html')
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')
/** The editor in the browser uses these rooms. */
const SOURCES = [
  join(STUDIO, 'src'),
  join(STUDIO, 'public'),
  join(STUDIO, 'index.html'),
  join(STUDIO, 'vite.config.ts'),
  join(STUDIO, 'routes-plugin.ts'),
  ...['util', 'formula', 'business-hours', 'metadata'].map((room) => join(ROOT, 'server', room)),
]

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => !name.endsWith('.test.ts'))
      .map((name) => newest(join(path, name))),
  )
}

export const isStale = (): boolean => !existsSync(BUILT) || Math.max(...SOURCES.map(newest)) > statSync(BUILT).mtimeMs

export async function buildStudioWhenStale(say: (text: string) => void): Promise<void> {
  if (!existsSync(join(STUDIO, 'index.html')) || !existsSync(VITE) || !isStale()) return
  say('Building the studio …')
  const output = await run(process.execPath, [
    VITE,
    'build',
    '--config',
    join(STUDIO, 'vite.config.ts'),
    '--logLevel',
    'warn',
  ])
  if (output !== undefined) say(`The studio could not be built; the API works all the same.\n${output}`)
}

/** undefined when it went well, else what it printed. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : output))
  })
}
