import { executeSync, getIntrospectionQuery, parse, printSchema, type IntrospectionOptions } from 'graphql'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { compilePermissions } from '#records'
import { opener } from '#test/databases'
import { harmOf } from '../http/testing-load.ts'
import { hear } from '../http/testing-sockets.ts'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'
import { LIMITS } from './limits.ts'
import { Slices } from './load/slices.ts'
import type { LazySchema } from './schema/lazy-schema.ts'

const open = opener('sqlite')
const SET = 'System_Administrator'
const FULL = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
}
let server: TestServer
let number = 0

beforeAll(async () => {
  server = await keepServer(await open.url())
})

const newPerson = (): Promise<Person> => server.person(`p${++number}@example.com`, SET)
/** A new catalog version has texts of its own. */
const forgetTexts = () =>
  server.change({ kind: 'PermissionSet', name: `Set${++number}`, document: { kind: 'PermissionSet', name: `Set${number}`, label: 'Any' } }) // prettier-ignore

function schemaOf(): LazySchema {
  const catalog = server.app.engine.catalogs.current()
  const permissions = compilePermissions([catalog.permissionSets.get(SET)!], catalog)
  return server.app.graphql.schemaFor({ actor: { userId: '', permissions, timeZone: 'UTC', locale: 'en-US' }, catalog })
}

/** By graphql-js in one go. */
const atOnce = (options: IntrospectionOptions) =>
  executeSync({ schema: schemaOf(), document: parse(getIntrospectionQuery(options)) }).data

const sdl = ({ headers }: Partial<Person>): Promise<Response> =>
  fetch(`${server.app.url}/graphql/schema.graphql`, { headers })

describe('the schema', () => {
  test.each([
    ['as tools ask by default', {}],
    ['with everything that they can ask', FULL],
    ['with nothing that they can leave out', { descriptions: false, inputValueDeprecation: false }],
  ])('%s', async (_, options) => {
    const answer = await (await newPerson()).data(getIntrospectionQuery(options))
    expect(answer).toEqual(JSON.parse(JSON.stringify(atOnce(options))))
  })

  test('in parts, under other names, with variables, fragments and conditions', async () => {
    const person = await newPerson()
    const query = `query ($name: String!, $all: Boolean!) {
      __typename
      s: __schema { q: queryType { name } types @include(if: $all) { ...T } kinds: types { kind } __typename }
      __type(name: $name) { ...T fields { name } } none: __type(name: "None") { name } me { name }
    } fragment T on __Type { name }`
    const answer = await person.data(query, { name: 'Account', all: false })
    expect(Object.keys(answer)).toEqual(['__typename', 's', '__type', 'none', 'me'])
    expect(answer).toMatchObject({
      __typename: 'Query',
      s: { q: { name: 'Query' }, kinds: expect.arrayContaining([{ kind: 'OBJECT' }]), __typename: '__Schema' },
      __type: { name: 'Account', fields: expect.arrayContaining([{ name: 'Industry' }]) },
      none: null,
    })
    expect(answer.s.types).toBeUndefined()
    const { s } = await person.data(query, { name: 'Account', all: true })
    expect(s.types).toHaveLength(s.kinds.length)
  })

  test('as SDL', async () => {
    expect(await (await sdl(await newPerson())).text()).toBe(printSchema(schemaOf()))
  })

  test('is shown to nobody who has not signed in', async () => {
    const { nobody } = server
    const refused = { message: expect.stringContaining('Sign in first'), extensions: { code: 'UNAUTHENTICATED' } }
    expect(await nobody.ask('{ __schema { types { name } } }')).toMatchObject({ data: null, errors: [refused] })
    expect(await nobody.ask('{ __typename __type(name: "Query") { name } }')).toMatchObject({
      data: { __typename: 'Query', __type: null },
      errors: [refused],
    })
    expect((await sdl({})).status).toBe(401)
    expect((await sdl({ headers: { authorization: 'Bearer mp_none' } })).status).toBe(401)
  })

  test('is not sent over a WebSocket', async () => {
    const heard = await hear(await newPerson(), '{ __schema { types { name } } }')
    expect(JSON.stringify(await heard.ended)).toContain('introspection has been disabled')
  })

  const spread = Array.from({ length: 7 }, (_, i) => `fragment F${i} on __Type { a${i}: name ...F${i + 1} b${i}: ofType { ...F${i + 1} } }`) // prettier-ignore
  test.each([
    ['the schema under many names', Array.from({ length: 20 }, (_, i) => `a${i}: __schema { types { name } }`).join(' ')], // prettier-ignore
    [
      'types under many names',
      `__schema { ${Array.from({ length: 20 }, (_, i) => `a${i}: types { name }`).join(' ')} }`,
    ],
    ['fields of fields', '__schema { types { fields { type { fields { name } } } } }'],
    ['fields of what is possible', '__type(name: "Record") { possibleTypes { fields { name } } }'],
    ['fragments that double', `__schema { types { ...F0 } } } ${spread.join(' ')} fragment F7 on __Type { name`],
    ['behind a fragment of the root', `...Q } fragment Q on Query { __schema { types { fields { type { fields { name } } } } }`], // prettier-ignore
  ])('is refused before anything runs: %s', async (_, text) => {
    const run = vi.spyOn(Slices.prototype, 'map')
    onTestFinished(() => run.mockRestore())
    const { errors } = await (await newPerson()).ask(`{ ${text} }`)
    expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_TOO_LARGE' } }])
    expect(run).not.toHaveBeenCalled()
  })

  test('is made once for all who ask at the same time, and kept', async () => {
    const people = [await newPerson(), await newPerson()]
    await forgetTexts()
    const run = vi.spyOn(Slices.prototype, 'map')
    onTestFinished(() => run.mockRestore())
    const texts = await Promise.all([...people, ...people].map(async (who) => (await sdl(who)).text()))
    expect(new Set(texts).size).toBe(1)
    await sdl(people[0]!)
    expect(run).toHaveBeenCalledTimes(1)
    await forgetTexts()
    await sdl(people[0]!)
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('is not made in ever new ways for one user; what is known is always there', async () => {
    const [person, other] = [await newPerson(), await newPerson()]
    const ask = (who: Person, i: number) => who.ask(`{ a${i}: __type(name: "Query") { name } }`)
    for (let i = 0; i < LIMITS.schemaTextsPerMinute; i++) expect((await ask(person, i)).errors).toBeUndefined()
    expect((await ask(person, 99)).errors).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS' } }])
    expect((await ask(person, 0)).errors).toBeUndefined()
    expect((await ask(other, 99)).errors).toBeUndefined()
    expect((await ask(person, 99)).errors).toBeUndefined()
    await forgetTexts()
    expect((await sdl(person)).status).toBe(429)
  })

  test('holds nobody else up while it is made', async () => {
    const [person, victim] = [await newPerson(), await newPerson()]
    const start = performance.now()
    atOnce(FULL)
    const whole = performance.now() - start
    await forgetTexts()
    const harm = await harmOf(victim, () => person.text(getIntrospectionQuery(FULL)))
    expect(harm.answered).toBeGreaterThanOrEqual(5)
    expect(harm.delay).toBeLessThan(whole)
  })
})
