import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordChange } from '#automation'
import { FollowedRecords, type Room, type Standing } from './followed-records.ts'

/** The rows of the model, and notices of them in the order in which they are made. */
class Rows {
  readonly standing = new Map<string, Standing>()
  /** Those that fitted when they were deleted. */
  readonly fitted = new Set<string>()
  put(id: string, standing: Standing): RecordChange {
    const made = !this.standing.has(id)
    if (standing === 'deleted' && this.of(id) === 'fits') this.fitted.add(id)
    if (standing !== 'deleted') this.fitted.delete(id)
    this.standing.set(id, standing)
    const change = standing === 'deleted' ? 'deleted' : made ? 'created' : 'updated'
    return { object: 'Case', id, change, fields: [], catalogVersion: 1, at: '' }
  }
  readonly of = (id: string): Standing => this.standing.get(id) ?? 'hidden'
  fitting(): string[] {
    return [...this.standing].flatMap(([id, standing]) => (standing === 'fits' ? [id] : [])).sort()
  }
}

const ROOM = { each: 100, left: 1_000 }
const follow = (records: FollowedRecords, rows: Rows, notice: RecordChange, unsure = false) =>
  records.follow(
    notice,
    {
      fits: async () => rows.of(notice.id) === 'fits',
      fitted: async () => rows.of(notice.id) === 'deleted' && rows.fitted.has(notice.id),
      otherwise: async () => rows.of(notice.id) as Exclude<Standing, 'fits'>,
    },
    unsure,
  )

/** What a client makes of the events: the ids of its list. */
function apply(list: Set<string>, event: Awaited<ReturnType<typeof follow>>): void {
  if (event?.change === 'changed' || event?.change === 'left') expect(list).toContain(event.id)
  if (event?.change === 'left' || event?.change === 'deleted') list.delete(event.id)
  else if (event) list.add(event.id)
}

const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  standing: fc.constantFrom<Standing>('fits', 'other', 'deleted', 'hidden'),
})

test('whenever, in whatever order and however often notices come, the list ends as the filter has it', async () => {
  const history = fc.record({ before: fc.array(step), during: fc.array(step, { maxLength: 12 }) })
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async ({ before, during }, picks) => {
      const [rows, records, pick] = [new Rows(), new FollowedRecords({ ...ROOM }), () => picks.next().value!]
      // Some notices of what was there before come late.
      const underWay = before.map(({ id, standing }) => rows.put(id, standing))
      records.begin(rows.fitting(), true)
      const list = new Set(rows.fitting())
      for (const { id, standing } of during) {
        underWay.push(rows.put(id, standing))
        const [notice] = pick() % 2 ? underWay.splice(pick() % underWay.length, 1) : []
        if (notice) apply(list, await follow(records, rows, notice))
      }
      while (underWay.length) {
        const at = pick() % underWay.length
        const [notice] = pick() % 4 ? underWay.splice(at, 1) : [underWay[at]!]
        apply(list, await follow(records, rows, notice!))
      }
      expect([...list].sort()).toEqual(rows.fitting())
    }),
  )
})

test('what leaves, and is deleted later', async () => {
  const [rows, records] = [new Rows(), new FollowedRecords({ ...ROOM })]
  const changeHeard = async (standing: Standing) => (await follow(records, rows, rows.put('a', standing)))?.change
  expect(await changeHeard('other')).toBeUndefined()
  expect(await changeHeard('hidden')).toBeUndefined()
  expect(await changeHeard('fits')).toBe('entered')
  expect(await changeHeard('fits')).toBe('changed')
  expect(await changeHeard('other')).toBe('left')
  expect(await changeHeard('other')).toBeUndefined()
  expect(await changeHeard('deleted')).toBe('deleted')
  expect(await changeHeard('fits')).toBe('entered')
  expect(await changeHeard('hidden')).toBe('left')
  expect(await changeHeard('deleted')).toBeUndefined()
})

test('a change that came in while the filter was first asked may have taken the record out of it', async () => {
  const [rows, records] = [new Rows(), new FollowedRecords({ ...ROOM })]
  rows.put('a', 'fits')
  const late = rows.put('a', 'other')
  expect(await follow(records, rows, late, true)).toEqual({ change: 'left', id: 'a', standing: 'other' })
  expect(await follow(records, rows, rows.put('b', 'hidden'), true)).toBeUndefined()
})

test('a record that was made, or changed, while the filter was first asked is new to whoever read before', async () => {
  const [rows, records] = [new Rows(), new FollowedRecords({ ...ROOM })]
  const [made, changed] = [rows.put('a', 'fits'), rows.put('a', 'fits')]
  records.begin(['a'], true)
  expect(await follow(records, rows, made)).toMatchObject({ change: 'entered' })
  expect(await follow(records, rows, changed, true)).toMatchObject({ change: 'entered' })
  expect(await follow(records, rows, changed)).toMatchObject({ change: 'changed' })
})

test('beyond its room the oldest are forgotten, and what is unknown may have been in the filter', async () => {
  const room: Room = { each: 2, left: 3 }
  const [rows, records, others] = [new Rows(), new FollowedRecords(room), new FollowedRecords(room)]
  for (const id of ['c', 'b', 'a']) rows.put(id, 'fits')
  records.begin(['c', 'b', 'a'], true)
  expect(room.left).toBe(1)
  const changeHeard = async (id: string, standing: Standing) =>
    (await follow(records, rows, rows.put(id, standing)))?.change
  expect(await changeHeard('c', 'hidden')).toBe('left')
  expect(await changeHeard('a', 'hidden')).toBeUndefined()
  expect(await changeHeard('a', 'other')).toBe('left')
  expect(await changeHeard('d', 'fits')).toBe('entered')
  rows.put('e', 'other')
  expect(await changeHeard('e', 'fits')).toBe('changed')
  others.begin(['x', 'y'], true)
  expect(room.left).toBe(0)
  expect(others.leaveAll().map(({ id }) => id)).toEqual(['x'])
  records.end()
  expect(room.left).toBe(3)
  await follow(records, rows, rows.put('late', 'fits'))
  expect(room.left).toBe(3)
})
