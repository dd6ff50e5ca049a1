import { parentPort } from 'node:worker_threads'
import { hashPassword, verifyPassword } from './argon2.ts'

export type HashJob =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string | undefined }

const answer = (job: HashJob): string | boolean =>
  job.kind === 'hash' ? hashPassword(job.password) : verifyPassword(job.password, job.stored)

parentPort!.on('message', (job: HashJob) => parentPort!.postMessage(answer(job)))
