import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { opener } from '#test/databases'
import { createApp } from '../create-app.ts'
import { Person, startServer } from '../testing.ts'
import { Callers } from './callers.ts'
import { TRUSTED_FOR } from './sessions.ts'

const open = opener('postgres')
afterEach(() => void vi.useRealTimers())

const CASES = { kind: 'PermissionSet', name: 'Cases', label: 'Cases', objects: { Case: { read: true } } }

test('on another node that does not hear of it, what somebody may do is a second old at most', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const url = await open.url()
  const here = await startServer(url)
  const there = await createApp({ databaseUrl: url, worker: false, clock: here.clock })
  onTestFinished(() => there.close())
  await here.change({ kind: CASES.kind, name: CASES.name, document: CASES })
  const people = await Promise.all(['eva@example.com', 'ivo@example.com', 'uma@example.com'].map((name) => here.person(name, 'Cases'))) // prettier-ignore
  const [demoted, inactive, narrowed] = people.map(({ headers }) => new Person(there, headers)) as [Person, Person, Person] // prettier-ignore
  const mayRead = async (who: Person) => (await who.ask('{ Case(first: 1) { nodes { Id } } }')).data?.Case !== undefined
  const ids = await Promise.all(people.map(async (who) => (await who.data('{ me { id } }')).me.id as string))
  vi.advanceTimersByTime(TRUSTED_FOR)
  for (const who of [demoted, inactive, narrowed]) expect(await mayRead(who)).toBe(true)

  here.app.engine.database.notify = () => {} // what is said from here on is lost
  const { PermissionSetAssignment } = await here.admin.data('query ($id: ID!) { PermissionSetAssignment(where: { AssigneeId: { eq: $id } }) { nodes { Id } } }', { id: ids[0] }) // prettier-ignore
  await here.admin.data('mutation ($id: ID!) { PermissionSetAssignmentDelete(Id: $id) { errors { message } } }', { id: PermissionSetAssignment.nodes[0].Id }) // prettier-ignore
  expect(await mayRead(demoted)).toBe(true) // the clock stands still
  vi.advanceTimersByTime(TRUSTED_FOR)
  expect([await mayRead(demoted), await mayRead(inactive), await mayRead(narrowed)]).toEqual([false, true, true])

  await here.admin.data('mutation ($id: ID!) { UserUpdate(Id: $id, input: { IsActive: false }) { errors { message } } }', { id: ids[1] }) // prettier-ignore
  await here.change({ kind: CASES.kind, name: CASES.name, document: { ...CASES, objects: {} } })
  vi.advanceTimersByTime(TRUSTED_FOR)
  expect([await mayRead(inactive), await mayRead(narrowed)]).toEqual([false, false])
})

test('looking again gives the same caller when nothing has changed', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { app, admin } = await startServer(await open.url())
  const { me } = await admin.data('{ me { id } }')
  const callers = new Callers(app.engine)
  onTestFinished(() => callers.close())
  const first = await callers.of(me.id)
  vi.advanceTimersByTime(TRUSTED_FOR)
  expect(await callers.of(me.id)).toBe(first)
  expect(await callers.of('nobody')).toBeUndefined()
})
