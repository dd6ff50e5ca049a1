/** What stands in the queue, in words. */
import type { Message, Timer } from './queue-query.ts'

const KINDS: { readonly [kind: string]: string } = {
  entry: 'Entry', begin: 'A milestone begins', next: 'Next cycle', warn: 'At risk', warning: 'Warning', violate: 'Violation',
  violation: 'After the violation', success: 'On completion', midnight: 'A new day', evaluation: 'A formula',
} // prettier-ignore
const UNITS: { readonly [unit: string]: string } = { m: 'min', h: 'h', d: 'd', s: 's', '%': '% of the time' }

const amountWords = (text: string): string => text.replaceAll(/(\d+)([a-z]+|%) */g, (_, amount: string, unit: string) => `${amount} ${UNITS[unit] ?? unit} `).trim() // prettier-ignore

/** `warning:-30m` → `Warning, 30 min before`, `violation:+1h/30m#2` → `After the violation, 1 h, repeat 2`. */
export function stepWords({ Kind, Step }: Pick<Timer, 'Kind' | 'Step'>): string {
  const name = KINDS[Kind] ?? Kind
  const found = /:([+-])([^/#]+)(?:\/[^#]+)?(?:#(\d+))?$/.exec(Step ?? '')
  if (!found) return name
  const [, sign, offset = '', turn] = found
  const when = /^0\D/.test(offset) ? [] : [`${amountWords(offset)}${sign === '-' ? ' before' : ''}`]
  return [name, ...when, ...(turn ? [`repeat ${turn}`] : [])].join(', ')
}

/** `Skipped (late attach)` → `late attach`: the state stands beside it. */
export const reasonWords = (reason: string | null): string => reason?.replace(/^Skipped \((.*)\)$/s, '$1') ?? ''

/** At most two units: `2 h 18 min late`; under a second it came in time. */
export function lagWords(ms: number | null): string {
  if (ms === null) return ''
  const parts = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const
  const first = parts.findIndex(([size]) => ms >= size)
  if (first === -1) return 'in time'
  const shown = parts.slice(first, first + 2).map(([size, unit], i) => [Math.floor((i === 0 ? ms : ms % parts[first]![0]) / size), unit] as const) // prettier-ignore
  return `${shown.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`).join(' ')} late` // prettier-ignore
}

/** What the message says: the text of an e-mail, the body that a webhook gets. */
export function bodyOf({ Payload }: Pick<Message, 'Payload'>): string {
  if (!Payload) return ''
  if (typeof Payload['text'] === 'string') return Payload['text']
  if (Payload['link']) return 'The text is written as it is sent, because it holds a link that nobody else may read.'
  return JSON.stringify(Payload['body'] ?? Payload, undefined, 2)
}

export const TONES: { readonly [status: string]: 'grey' | 'blue' | 'amber' | 'red' | 'green' } = {
  Pending: 'blue', Claimed: 'blue', Fired: 'green', Skipped: 'grey', Failed: 'red', Cancelled: 'grey', Sending: 'blue', Retrying: 'amber',
  Sent: 'green', Held: 'amber', Dead: 'red',
} // prettier-ignore
