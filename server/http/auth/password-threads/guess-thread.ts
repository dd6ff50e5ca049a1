import { parentPort } from 'node:worker_threads'
import { guessability } from './guessability.ts'

export interface GuessJob {
  readonly password: string
  readonly about: readonly string[]
}

parentPort!.on('message', ({ password, about }: GuessJob) => parentPort!.postMessage(guessability(password, about)))
