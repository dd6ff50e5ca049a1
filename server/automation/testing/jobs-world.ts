/** Random processes and histories of jobs at sites, with notes: what a process can read, with history and without, and what people do. */
import fc from 'fast-check'
import { automationActor } from '#automation'
import type { Document, EntitlementProcessDocument, MilestoneItem } from '#metadata'
import { formatInstant } from '#util'
import type { Row } from '#util'
import type { Organisation } from './organisation.ts'
import { deploy } from './simple-process.ts'

export const START = Date.UTC(2026, 2, 9, 8, 0)
const MINUTE = 60_000
const JOBS = 5
const admin = automationActor('test')

const object = (name: string, more: object = {}): Document =>
  ({ kind: 'Object', name: `${name}__c`, label: name, pluralLabel: `${name}s`, nameField: { label: 'Name', type: 'Text' }, ...more }) as Document // prettier-ignore
const field = (name: string, more: object): Document => ({ kind: 'Field', name, label: name.split('.')[1]!, ...more }) as Document // prettier-ignore
const tracked = { trackHistory: true }
const picklist = (...values: string[]) => ({ type: 'Picklist', valueSet: { restricted: true, values: values.map((value) => ({ value })) }, ...tracked }) // prettier-ignore
const lookup = (to: string) => ({ type: 'Lookup', referenceTo: [to], ...tracked })

/** Jobs at sites, with notes. Flag__c and Size__c have no history. */
const MODEL: readonly Document[] = [
  object('Site'),
  field('Site__c.Tier__c', picklist('Gold', 'Iron')),
  field('Site__c.Size__c', { type: 'Number', precision: 9, scale: 0 }),
  object('Job', { enableProcesses: true, closedWhen: 'ISPICKVAL(Status__c, "Closed")' }),
  field('Job__c.Status__c', picklist('New', 'Waiting', 'Done', 'Closed')),
  field('Job__c.Level__c', picklist('P1', 'P2')),
  field('Job__c.Amount__c', { type: 'Number', precision: 9, scale: 0, ...tracked }),
  field('Job__c.Flag__c', { type: 'Checkbox' }),
  field('Job__c.Due__c', { type: 'DateTime', ...tracked }),
  field('Job__c.Site__c', lookup('Site__c')),
  object('Note'),
  field('Note__c.Job__c', lookup('Job__c')),
  field('Note__c.Public__c', { type: 'Checkbox', ...tracked }),
]
const ENTRY: Document = { kind: 'AutoApplyRule', name: 'Jobs_Rule', object: 'Job__c', order: 1, when: 'always', apply: { process: 'Jobs' } } as Document // prettier-ignore

const CRITERIA = ['ISPICKVAL(Level__c, "P1")', 'Amount__c > 1', 'ISPICKVAL(Site__r.Tier__c, "Gold")', 'NOT(ISPICKVAL(Status__c, "Waiting"))', 'Flag__c', 'Site__r.Size__c > 1'] // prettier-ignore
const STOPS = [{ when: 'ISPICKVAL(Status__c, "Done")' }, { when: 'ISCHANGED(Amount__c)' }, { object: 'Note__c', through: 'Job__c', when: 'Public__c' }] // prettier-ignore
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)

const item = (name: string): fc.Arbitrary<MilestoneItem> =>
  fc
    .record(
      {
        name: fc.constant(name),
        milestone: oneOf('A', 'B', 'C'),
        when: oneOf(...CRITERIA),
        start: oneOf('process' as const, 'criteria' as const),
        target: oneOf<MilestoneItem['target']>({ minutes: 45 }, { hours: 2 }, { hours: 5 }, { minutesFormula: '30 * (Amount__c + 1)' }, { dateTimeFormula: 'Due__c' }), // prettier-ignore
        pauses: fc.constant([{ name: 'Waits', when: 'ISPICKVAL(Status__c, "Waiting")' }]),
        completion: fc.uniqueArray(oneOf(...STOPS), { maxLength: 2 }),
        resetWhen: fc.constant('Amount__c = 2'),
        warnings: fc.constant([{ before: { minutes: 20 }, actions: [] }]),
      },
      { requiredKeys: ['name', 'milestone', 'target'] },
    )
    .map(({ start, ...rest }) => ({ ...rest, ...(rest.when && start && { start }) }))

const draught = (version: number): fc.Arbitrary<EntitlementProcessDocument> =>
  fc
    .record({
      entry: maybe(oneOf({ dateField: 'Due__c' }, { when: 'ISPICKVAL(Level__c, "P1")' })),
      exit: fc.record({ onExit: oneOf('auto' as const, 'complete' as const, 'cancel' as const, 'keep' as const) }),
      onReopen: oneOf('resume' as const, 'restart' as const, 'ignore' as const),
      pauses: maybe(fc.constant([{ name: 'Held', when: 'Amount__c = 3' }])),
      milestones: fc.integer({ min: 1, max: 3 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => item(`I${i}`)))), // prettier-ignore
    })
    .map(({ entry, pauses, ...rest }) => ({
      kind: 'EntitlementProcess', name: `Jobs_v${version}`, process: 'Jobs', version, label: 'Jobs', object: 'Job__c', businessHours: 'Always',
      status: 'draft', isDefault: false, ...(entry && { entry }), ...(pauses && { pauses }), ...rest,
    })) // prettier-ignore

type Hand = 'complete' | 'cancel' | 'reopen' | 'pause' | 'resume' | 'pauseOne'
type What =
  | { readonly do: 'save'; readonly values: Row }
  | { readonly do: 'site'; readonly which: number; readonly values: Row }
  | { readonly do: 'move'; readonly which: number }
  | { readonly do: 'note'; readonly isPublic: boolean }
  | { readonly do: 'publish' }
  | { readonly do: Hand; readonly milestone: string; readonly cycle: number }
export interface Step {
  readonly after: number
  readonly job: number
  readonly what: What
}

const minute = fc.integer({ min: -30, max: 900 }).map((n) => formatInstant(START + n * MINUTE))
const values: fc.Arbitrary<Row> = fc.record(
  { Status__c: oneOf('New', 'Waiting', 'Done', 'Closed'), Level__c: oneOf('P1', 'P2'), Amount__c: fc.nat(3), Flag__c: fc.boolean(), Due__c: minute },
  { requiredKeys: [] },
) // prettier-ignore
const opening = values.map(({ Status__c: _status, ...more }): Row => more)
const which = fc.nat(1)
const what: fc.Arbitrary<What> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('save' as const), values }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('site' as const), which, values: fc.oneof(fc.record({ Tier__c: oneOf('Gold', 'Iron') }), fc.record({ Size__c: oneOf(1, 5) })) }) },
  fc.record({ do: fc.constant('move' as const), which }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('note' as const), isPublic: fc.boolean() }) },
  fc.constant({ do: 'publish' as const }),
  { weight: 5, arbitrary: fc.record({ do: oneOf<Hand>('complete', 'cancel', 'reopen', 'pause', 'resume', 'pauseOne'), milestone: oneOf('A', 'B', 'C'), cycle: oneOf(1, 1, 2) }) },
) // prettier-ignore
export const jobHistory = fc.record({
  old: draught(1),
  draft: draught(2),
  first: fc.array(opening, { minLength: JOBS, maxLength: JOBS }),
  steps: fc.array(fc.record({ after: fc.integer({ min: 1, max: 120 }), job: fc.nat(JOBS - 1), what }), { minLength: 15, maxLength: 40 }), // prettier-ignore
})
export type JobHistory = typeof jobHistory extends fc.Arbitrary<infer H> ? H : never

export interface JobWorld {
  readonly o: Organisation
  readonly jobs: readonly string[]
  readonly sites: readonly string[]
}

/** Lives a history under one version; `done` decides what people do by hand. */
export async function liveJobs(
  o: Organisation,
  versions: readonly EntitlementProcessDocument[],
  { first, steps }: JobHistory,
  done: (step: Step, act: () => Promise<boolean>) => Promise<void>,
  idle = 3_000,
): Promise<JobWorld> {
  await o.create('BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
  for (const [Name, RecurrenceType] of [['A', 'None'], ['B', 'Independent'], ['C', 'Sequential']]) await o.create('Milestone', { Name: Name!, RecurrenceType: RecurrenceType! }) // prettier-ignore
  await deploy(o, ...MODEL, ...versions, ENTRY)
  const sites = [await o.create('Site__c', { Name: 'One', Tier__c: 'Gold', Size__c: 1 }), await o.create('Site__c', { Name: 'Two', Tier__c: 'Iron', Size__c: 5 })] // prettier-ignore
  const jobs: string[] = []
  for (const [n, more] of first.entries())
    jobs.push(await o.create('Job__c', { Name: String(n), Status__c: 'New', Level__c: 'P2', Amount__c: 0, Flag__c: false, Due__c: formatInstant(START + 4 * 60 * MINUTE), Site__c: sites[n % 2]!, ...more })) // prettier-ignore
  let now = START
  const world = { o, jobs, sites }
  for (const step of steps) {
    now += step.after * MINUTE
    await o.at(formatInstant(now))
    await perform(world, step, done)
  }
  await o.at(formatInstant(now + idle * MINUTE))
  return world
}

async function perform({ o, jobs, sites }: JobWorld, step: Step, done: (step: Step, act: () => Promise<boolean>) => Promise<void>): Promise<void> {
  const { what } = step
  const job = jobs[step.job]!
  if (what.do === 'save') await o.update('Job__c', job, what.values)
  else if (what.do === 'site') await o.update('Site__c', sites[what.which]!, what.values)
  else if (what.do === 'move') await o.update('Job__c', job, { Site__c: sites[what.which]! })
  else if (what.do === 'note') await o.create('Note__c', { Name: 'n', Job__c: job, Public__c: what.isPublic })
  else if (what.do === 'publish') await publish(o, job)
  else await done(step, () => byHand(o, job, what))
} // prettier-ignore

async function publish(o: Organisation, job: string): Promise<void> {
  const [note] = await o.rows('Note__c', (row) => row.Job__c === job && row.Public__c === false)
  if (note) await o.update('Note__c', String(note.Id), { Public__c: true })
}

async function byHand(o: Organisation, recordId: string, given: Extract<What, { readonly do: Hand }>): Promise<boolean> {
  const { milestones } = o.engine
  const reason = 'because'
  if (given.do === 'pause') return (await milestones.pause(admin, { recordId }, { reason })).errors.length === 0
  if (given.do === 'resume') return (await milestones.resume(admin, { recordId })).errors.length === 0
  const [row] = await o.rows('RecordMilestone', (m) => m.ParentId === recordId && m.Run === 1 && m.Name === given.milestone && m.Cycle === given.cycle) // prettier-ignore
  if (!row) return false
  const id = String(row.Id)
  if (given.do === 'complete') return (await milestones.complete(admin, id)).errors.length === 0
  if (given.do === 'cancel') return (await milestones.cancel(admin, id, { reason })).errors.length === 0
  if (given.do === 'reopen') return (await milestones.reopen(admin, id, { reason })).errors.length === 0
  return (await milestones.pause(admin, { recordId, milestoneId: id }, { reason })).errors.length === 0
} // prettier-ignore

export const activeAs = (document: EntitlementProcessDocument): EntitlementProcessDocument => ({ ...document, status: 'active', isDefault: true }) // prettier-ignore
