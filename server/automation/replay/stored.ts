import type { Event } from '#process'
import { ownPaths, readRows } from '#records'
import type { ObjectDef } from '#metadata'
import type { Row } from '#util'
import { childIds } from '../rows.ts'
import type { Run } from '../save/draft.ts'
import { readStates } from '../processes/store.ts'

/** Everything that is stored of one record's process. */
export interface Stored {
  readonly record: string
  readonly object: ObjectDef
  /** The record itself; undefined when it is gone. */
  readonly row: Row | undefined
  /** The log, oldest first. */
  readonly events: readonly { readonly seq: number; readonly event: Event }[]
  /** Parsed state as it is kept; undefined when there is none. */
  readonly state: unknown
  readonly ids: { [key: string]: string }
  readonly rows: { readonly [object: string]: readonly Row[] }
}

const PROCESS_ROWS = ['RecordMilestone', 'RecordMilestonePause', 'MilestoneViolation', 'MilestoneTimer'] as const

/** Reads what is stored of a record's process, locked when it is to be mended. */
export async function readStored(run: Run, object: ObjectDef, record: string, lock: boolean): Promise<Stored> {
  const row = (await readRows(run.tx, run.catalog, object, [record], ownPaths(object), { lock })).get(record)
  const known = (await readStates(run.tx, [record])).get(record)
  const rows: { [object: string]: Row[] } = {}
  for (const name of PROCESS_ROWS) rows[name] = await rowsOfParent(run, name, record)
  const events = (await rowsOfParent(run, 'MilestoneEvent', record))
    .map((event) => ({ seq: Number(event.Seq), event: event.Event as unknown as Event }))
    .sort((a, b) => a.seq - b.seq)
  return { record, object, row, events, state: known?.state, ids: { ...known?.ids }, rows }
}

async function rowsOfParent(run: Run, objectName: string, parent: string): Promise<Row[]> {
  const object = run.catalog.objects.get(objectName)!
  const ids = await childIds(run.tx, object, object.field('ParentId')!, [parent])
  return [...(await readRows(run.tx, run.catalog, object, ids, ownPaths(object))).values()]
}
