import { Client } from 'pg'
import type { ClientConfig } from 'pg'
import { quote } from '../sql.ts'
import type { Listener } from '../types.ts'
import { LocalChannels } from './channels.ts'

/** One connection that listens, opened when first needed and opened again when it breaks; every channel is told then, because nobody knows what was missed. */
export class PostgresListener {
  readonly #config: ClientConfig
  readonly #channels = new LocalChannels()
  #client: Promise<Client> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false
  #lost = false
  /** Resolves when every channel asked for so far is listened to. */
  listening: Promise<unknown> = Promise.resolve()
  /** The statement before: a connection takes one at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(config: ClientConfig) {
    this.#config = config
  }

  on(channel: string, callback: Listener): () => void {
    const known = this.#channels.has(channel)
    const off = this.#channels.on(channel, callback)
    if (!known) this.listening = Promise.all([this.listening, this.#send(`LISTEN ${quote(channel)}`)])
    return () => {
      off()
      if (!this.#channels.has(channel)) void this.#send(`UNLISTEN ${quote(channel)}`)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  async #send(sql: string): Promise<void> {
    try {
      const fresh = !this.#client
      this.#client ??= this.#connect()
      const client = await this.#client
      if (!fresh) await (this.#turn = this.#turn.catch(() => {}).then(() => client.query(sql)))
    } catch {
      this.#reconnect()
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client(this.#config)
    client.on('error', () => this.#reconnect())
    client.on('end', () => this.#reconnect())
    client.on('notification', ({ channel, payload }) => this.#channels.emit(channel, payload ?? ''))
    await client.connect()
    for (const channel of this.#channels.channels()) await client.query(`LISTEN ${quote(channel)}`)
    if (this.#lost) for (const channel of this.#channels.channels()) this.#channels.emit(channel, undefined)
    this.#lost = false
    return client
  }

  #reconnect(): void {
    this.#client = undefined
    this.#lost = true
    if (this.#closed) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#send('SELECT 1'), 1000)
    this.#retry.unref()
  }
}
