// main: reads the environment, starts the server, says where it is, stops it in good order.
import { mkdirSync } from 'node:fs'
import { DatabaseError } from '#database'
import { MetadataError, smtpMail } from '#automation'
import { createApp, StartError, type App, type CreateAppOptions } from '#http'
import { buildStudioWhenStale } from './scripts/build-studio.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

function wholeNumber(name: string, fallback: number, max: number): number {
  const text = process.env[name]
  if (!text) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new StartError(`${name} is “${text}”; it must be a whole number from 0 to ${max}.`)
  return value
}

function clockOf(text: string | undefined): 'system' | 'manual' {
  if (!text || text === 'system' || text === 'manual') return text === 'manual' ? 'manual' : 'system'
  throw new StartError(`MILEPOST_CLOCK is “${text}”; it must be manual or system.`)
}

function publicUrl(text: string | undefined): { publicUrl?: string } {
  if (!text) return {}
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new StartError(`MILEPOST_URL is “${text}”; it must be an address such as https://service.example.com.`)
  return { publicUrl: text.replace(/\/$/, '') }
}

/** Where a newcomer's data goes; a folder that somebody names is theirs to make. */
function embeddedDatabase(): string {
  mkdirSync('data', { recursive: true })
  return 'sqlite:data/milepost.sqlite'
}

function readOptions(env: NodeJS.ProcessEnv): CreateAppOptions {
  const production = env.NODE_ENV === 'production'
  return {
    databaseUrl: env.DATABASE_URL || embeddedDatabase(),
    port: wholeNumber('PORT', 4000, 65_535),
    host: env.HOST || (production ? '0.0.0.0' : '127.0.0.1'),
    clock: clockOf(env.MILEPOST_CLOCK),
    production,
    ...publicUrl(env.MILEPOST_URL),
    trustProxy: wholeNumber('MILEPOST_TRUST_PROXY', 0, 10),
    requestsPerMinute: wholeNumber('MILEPOST_REQUESTS_PER_MINUTE', 60_000, 10_000_000),
    front: env.MILEPOST_FRONT !== 'off',
    setupLink: env.MILEPOST_SETUP_LINK === '1',
    ...(env.SMTP_URL ? { mail: smtpMail(env.SMTP_URL, env.SMTP_FROM || 'milepost@localhost') } : {}),
    ...(env.MILEPOST_METRICS_TOKEN ? { metricsToken: env.MILEPOST_METRICS_TOKEN } : {}),
    privateHosts: (env.WEBHOOK_PRIVATE_HOSTS ?? '').split(/[\s,]+/).filter(Boolean),
  }
}

function announce(app: App): void {
  say(`Milepost is ready at ${app.url}`)
  for (const { username, password, role } of app.demoUsers) say(`  ${role.padEnd(22)} ${username} / ${password}`)
  if (app.setupUrl) say(`An administrator can be made here, once and within a day:\n  ${app.setupUrl}`)
}

function stopOnSignals(app: App): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        complain(String(error))
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** What an administrator can mend is one sentence; anything else is a fault of ours and shows its stack. */
function explain(error: unknown): string {
  if (error instanceof StartError || error instanceof MetadataError) return error.message
  if (error instanceof DatabaseError) return [error.message, error.hint].filter(Boolean).join(' ')
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  const options = readOptions(process.env)
  await buildStudioWhenStale(say)
  const app = await createApp({ ...options, say })
  stopOnSignals(app)
  announce(app)
} catch (error) {
  complain(explain(error))
  process.exit(1)
}
