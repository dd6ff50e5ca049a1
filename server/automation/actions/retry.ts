import { readRows, seesSources } from '#records'
import type { Actor } from '#records'
import { formatInstant, parseInstant } from '#util'
import type { Row } from '#util'
import { updatePlatformRows } from '../save/platform-rows.ts'
import { save } from '../save/save.ts'
import type { Run } from '../save/draft.ts'
import type { FiredStep, PendingAction, ProcessWork } from '../processes/work.ts'

const PATHS = ['ParentId', 'RecordMilestoneId', 'Key', 'Kind', 'Step', 'DueDate', 'Status', 'Attempts', 'IsDeleted']

/** The queue's row of something that failed, locked; undefined when it is none, or is not failed any more. */
export async function failedTimer(run: Run, timerId: string): Promise<Row | undefined> {
  const object = run.catalog.objects.get('MilestoneTimer')!
  const row = (await readRows(run.tx, run.catalog, object, [timerId], PATHS, { lock: true })).get(timerId)
  return row?.Status === 'Failed' && row.IsDeleted !== true ? row : undefined
}

/** Tries it again; the reason when it fails once more, and then nothing of it is to stay. */
export async function retry(
  run: Run,
  work: ProcessWork,
  timerId: string,
  row: Row,
  by: Actor,
): Promise<string | undefined> {
  if (Number(row.Attempts ?? 0) > 0) return waitAgain(run, timerId)
  const pending = pendingOf(work, row)
  if (!pending) return 'The milestone that it belongs to is not there any more.'
  await save(run, () => {}, [pending])
  const fired = work.fired.find((step) => step.id === pending.action.id)
  if (fired?.status !== 'Fired') return whyFor(run, by, fired)
  const Reason = `${pending.action.name}: failed at first; done by ${await nameOf(run, by.userId)} on another try.`
  await updatePlatformRows(run, 'MilestoneTimer', [{ id: timerId, set: { Status: 'Fired', Reason } }])
  return undefined
}

function whyFor({ catalog }: Run, by: Actor, fired: FiredStep | undefined): string {
  if (!seesSources({ ...by, catalog }, fired?.sources ?? []))
    return 'It failed once more, and why has the value of a field that you can’t see. Ask somebody who can.'
  return fired?.why ?? 'It was not done.'
}

/** What people call a user. */
export async function nameOf(run: Run, userId: string): Promise<string> {
  const users = await readRows(run.tx, run.catalog, run.catalog.objects.get('User')!, [userId], ['Name'])
  return String(users.get(userId)?.Name ?? userId)
}

/** A wake-up that failed too often is due again at once. */
async function waitAgain(run: Run, id: string): Promise<undefined> {
  const set = { Status: 'Pending', Attempts: 0, DueDate: formatInstant(run.now) }
  await updatePlatformRows(run, 'MilestoneTimer', [{ id, set }])
}

/** The action as its row tells it: the key ends in its name. */
function pendingOf(work: ProcessWork, row: Row): PendingAction | undefined {
  const instance = Object.keys(work.ids).find((key) => work.ids[key] === row.RecordMilestoneId)
  const item = work.state.instances.find(({ key }) => key === instance)?.item
  const [id, step] = [String(row.Key), String(row.Step)]
  if (instance === undefined || item === undefined) return undefined
  const name = id.slice(id.lastIndexOf(':') + 1)
  const kind = row.Kind as PendingAction['action']['kind']
  return { work, action: { id, name, kind, instance, item, step, due: parseInstant(String(row.DueDate)) ?? 0 } }
}
