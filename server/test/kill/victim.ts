import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

const WORKER = new URL('./worker.ts', import.meta.url).pathname

export interface Life {
  readonly url: string
  readonly from: string
  readonly to: string
  readonly stepMs: number
  readonly contact: string
  /** Stop before this commit, there to be killed; otherwise killed after so many steps and milliseconds; neither: lives to its end. */
  readonly hold?: number
  readonly after?: { readonly steps: number; readonly ms: number }
}

export interface Death {
  /** The last step that it said was done. */
  readonly at: string | undefined
  readonly saved: readonly string[]
  readonly done: boolean
  readonly held: boolean
}

/** Lets a worker live and kills it with SIGKILL at its moment. */
export async function live(life: Life): Promise<Death> {
  const args = [life.url, life.from, life.to, String(life.stepMs), String(life.hold ?? 0), life.contact]
  const child = spawn(process.execPath, [WORKER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint = (complaint + String(chunk)).slice(-4000)))
  const exit = once(child, 'exit')
  const told = { at: undefined as string | undefined, saved: [] as string[], done: false, held: false }
  let steps = 0
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [word, rest] = line.split(' ')
    if (word === 'at') told.at = rest
    if (word === 'saved') told.saved.push(rest!)
    if (word === 'done') told.done = true
    if (word === 'held') told.held = child.kill('SIGKILL')
    if (word === 'ready' || word === 'at')
      if (steps++ === life.after?.steps) void wait(life.after.ms).then(() => child.kill('SIGKILL'))
  })
  const [code] = (await exit) as [number | null]
  if (code) throw new Error(`The worker ended by itself with ${code}: ${complaint}`)
  return told
}
