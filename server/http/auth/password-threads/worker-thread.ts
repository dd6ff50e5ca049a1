/** One thread of its own for work that takes the processor for long: the database's threads and the event loop stay free. */
import { Worker } from 'node:worker_threads'
import { FairQueue } from './fair-queue.ts'

/** Whom a piece of work is for. Who is known goes first, so that a crowd of strangers can't keep them out. */
export interface Asker {
  readonly lane: string
  readonly known?: boolean
}

/** More waits already than can be done in a few seconds. */
export class BusyError extends Error {
  constructor() {
    super('The server is checking many passwords at once. Try again in a few seconds.')
  }
}

interface Task<Job, Answer> {
  readonly job: Job
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

const LIMITS = { lane: 40, all: 200 }
/** An idle thread gives its memory back. */
const IDLE_MS = 60_000

export class WorkerThread<Job, Answer> {
  readonly #entry: URL
  readonly #known = new FairQueue<Task<Job, Answer>>(LIMITS)
  readonly #strangers = new FairQueue<Task<Job, Answer>>(LIMITS)
  #worker: Worker | undefined
  #current: Task<Job, Answer> | undefined
  #idle: NodeJS.Timeout | undefined
  #closed = false

  /** `entry`: a module that answers each message with one. */
  constructor(entry: URL) {
    this.#entry = entry
  }

  ask({ lane, known }: Asker, job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const queue = known ? this.#known : this.#strangers
      if (!queue.add(lane, { job, resolve, reject })) return reject(new BusyError())
      if (!this.#current) this.#begin()
    })
  }

  /** What still waits is refused. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #begin(): void {
    clearTimeout(this.#idle)
    this.#current = this.#known.next() ?? this.#strangers.next()
    if (!this.#current) return this.#rest()
    if (this.#closed) return this.#finish((task) => task.reject(new BusyError()))
    this.#worker ??= this.#start()
    this.#worker.ref()
    this.#worker.postMessage(this.#current.job)
  }

  #rest(): void {
    this.#worker?.unref()
    this.#idle = setTimeout(() => {
      const worker = this.#worker
      this.#worker = undefined
      void worker?.terminate()
    }, IDLE_MS).unref()
  }

  #start(): Worker {
    const worker = new Worker(this.#entry)
    let failure: unknown = new BusyError()
    worker.on('message', (answer: Answer) => this.#finish((task) => task.resolve(answer)))
    worker.on('error', (error) => (failure = error))
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#finish((task) => task.reject(failure))
    })
    return worker
  }

  #finish(tell: (task: Task<Job, Answer>) => void): void {
    const task = this.#current
    if (!task) return
    tell(task)
    this.#begin()
  }
}
