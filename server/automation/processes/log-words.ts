import type { Decision, Log } from '#process'
import { formatInstant } from '#util'

/** What each kind of decision is called in a sentence about a milestone or the record. */
const WORDS: { readonly [what in Decision['what']]: string } = {
  attached: 'took up the process',
  waiting: 'waits to enter the process',
  entered: 'entered the process',
  exited: 'left the process',
  reopened: 'came back into the process',
  restarted: 'started the process anew',
  stayedExited: 'stays out of the process',
  detached: 'is in no process any more',
  started: 'started',
  heldBack: 'was not started',
  retargeted: 'got another target',
  targetSet: 'got a target by hand',
  targetCleared: 'has its own target again',
  completed: 'completed',
  cancelled: 'cancelled',
  reset: 'was reset',
  cameBack: 'is open again',
  paused: 'paused',
  resumed: 'resumed',
  warned: 'is in its warning time',
  violated: 'missed its target',
  superseded: 'has a violation that no longer counts',
  corrected: 'was corrected',
  fired: 'fired',
  skipped: 'skipped',
  begun: 'began to count',
  silenced: 'fires no more steps',
  owner: 'is now owned by',
  error: 'could not be evaluated',
}

/** What made the rules look at the record. */
const CAUSES: { readonly [kind: string]: string } = {
  save: 'Because of a save',
  action: 'Because of an action',
  related: 'Because of a related record',
  lookup: 'Because a record that it refers to changed',
  hand: 'By hand',
  timer: 'Because it was due',
  calendar: 'Because business hours changed',
  'set-up': 'Because set-up changed',
  tzdata: 'Because time zone rules changed',
  migration: 'Because of a migration',
  deactivation: 'Because a version was deactivated',
}

/** A log entry as sentences for people, one a line: who caused it, and each thing that was decided. Times are UTC. */
export function logText({ cause, kind, outcome }: Log): string {
  const because = CAUSES[cause.kind] ?? `Because of ${cause.kind}`
  const by = kind === 'evaluate' || kind === 'wake' || kind === cause.kind ? '' : ` (${kind})`
  return [`${because}${by}${cause.what === undefined ? '' : `: ${cause.what}`}`, ...outcome.map(sentence)].join('\n')
}

/** Of a repeating step that caught up. */
export const missedText = (missed: number): string => `${missed} missed, fired once`

function sentence({ what, instance, item, step, from, to, due, hours, why, missed }: Decision): string {
  const who = instance === undefined ? (item ?? 'The record') : milestoneOf(instance)
  const stepped = step === undefined ? '' : ` ${step}`
  const planned = due === undefined ? '' : what === 'completed' ? `, target ${say(due)}` : `, due ${say(due)}`
  const reckoned = hours === undefined ? '' : ` in ${hours}`
  return `${who} ${WORDS[what]}${stepped}${moment(what, from, to)}${reckoned}${planned}${missed ? `, ${missedText(missed)}` : ''}${why === undefined ? '' : `: ${why}`}`
}

/** Decisions that put an instant in another's place. */
const CHANGES: ReadonlySet<Decision['what']> = new Set(['retargeted', 'targetSet', 'targetCleared', 'corrected'])

/** What the instants of a decision are: a change, a target, or simply when. */
function moment(what: Decision['what'], from: Decision['from'], to: Decision['to']): string {
  if (CHANGES.has(what)) return ` (${say(from)} → ${say(to)})`
  if (to === undefined) return ''
  return what === 'started' || what === 'cameBack' ? `, target ${say(to)}` : `, ${say(to)}`
}

/** `1.First Response.2` is the second First Response of the first run. */
function milestoneOf(key: string): string {
  const [, name, cycle] = /^\d+\.(.*)\.(\d+)$/.exec(key) ?? [key, key, '1']
  return cycle === '1' ? name! : `${name} (${cycle})`
}

const say = (at: number | null | undefined): string =>
  at === null || at === undefined
    ? 'never'
    : formatInstant(at)
        .replace('T', ' ')
        .replace(/:00\.000Z$|\.000Z$|Z$/, '')
