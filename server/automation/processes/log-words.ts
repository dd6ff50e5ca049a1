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

/** A log entry as sentences for people, one a line: who caused it, and each thing that was decided. Times are UTC. */
export function logText({ cause, kind, outcome }: Log): string {
  const because = [cause.kind === kind ? kind : `${kind} by ${cause.kind}`, cause.what].filter(Boolean).join(': ')
  return [`Because of ${because}`, ...outcome.map(sentence)].join('\n')
}

function sentence({ what, instance, item, step, from, to, due, why }: Decision): string {
  const who = instance === undefined ? (item ?? 'The record') : milestoneOf(instance)
  const stepped = step === undefined ? '' : ` ${step}`
  const moved =
    what === 'retargeted' || what === 'corrected'
      ? ` (${say(from)} → ${say(to)})`
      : to === undefined
        ? ''
        : `, ${say(to)}`
  const planned = due === undefined ? '' : `, due ${say(due)}`
  return `${who} ${WORDS[what]}${stepped}${moved}${planned}${why === undefined ? '' : `: ${why}`}`
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
