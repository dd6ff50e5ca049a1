// The planner's text against graphql-js itself: random documents, run by the default execution over rows that are all in memory, must give the same answer.
import fc from 'fast-check'
import {
  execute,
  getNamedType,
  isObjectType,
  parse,
  type GraphQLFieldResolver,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compilePermissions } from '#records'
import type { Catalog } from '#metadata'
import { describeDatabases } from '#test/databases'
import { createApp, type App } from '../http/index.ts'
import { Person } from '../http/testing.ts'
import type { PlannedRoot } from './plan/query.ts'
import { realFieldName } from './plan/where.ts'
import type { LazySchema } from './schema/lazy-schema.ts'
import type { Role } from './schema/record-types.ts'

type Row = { readonly Id: string; readonly [field: string]: unknown }
type Rows = ReadonlyMap<string, readonly Row[]>
const PASSWORD = 'milepost-demo'

/** Every row of every object, one flat list each. */
async function readAll(person: Person, catalog: Catalog, schema: LazySchema): Promise<Rows> {
  const rows = new Map<string, readonly Row[]>()
  for (const { name } of catalog.objects.values()) {
    const type = schema.getType(name) as GraphQLObjectType
    const fields = Object.entries(type.getFields()).filter(
      ([, field]) => (field.extensions.role as Role).kind === 'field',
    )
    const data = await person.data(`{ ${name}(first: 2000) { nodes { ${fields.map(([field]) => field).join(' ')} } } }`)
    rows.set(name, data[name].nodes)
  }
  return rows
}

function connection(all: readonly Row[], args: { first?: number | null }) {
  const page = [...all].sort((a, b) => (a.Id < b.Id ? -1 : 1)).slice(0, args.first ?? 50)
  return {
    nodes: page,
    edges: page.map((node) => ({ node })),
    totalCount: all.length,
    pageInfo: { hasNextPage: page.length < all.length, hasPreviousPage: false },
  }
}

function shadowResolver(catalog: Catalog, rows: Rows): GraphQLFieldResolver<unknown, unknown> {
  const byId = new Map([...rows.values()].flat().map((row) => [row.Id, row]))
  return (source, args, _context, info) => {
    const field = (info.parentType as GraphQLObjectType).getFields()[info.fieldName]!
    const planned = field.extensions.planned as PlannedRoot | undefined
    if (planned) return planned.kind === 'record' ? byId.get(args.Id) : connection(rows.get(planned.object)!, args)
    const row = source as Row
    const role = field.extensions.role as Role | undefined
    const object = catalog.object(info.parentType.name)
    if (!role || !object) return row[info.fieldName]
    if (role.kind === 'field') return row[realFieldName(object, role.field)]
    if (role.kind === 'parent') return byId.get(String(row[object.parent(role.relationship)!.name])) ?? null
    if (role.kind !== 'children') return undefined
    const child = object.children.get(role.relationship)!
    return connection(
      rows.get(child.object)!.filter((each) => each[child.field] === row.Id),
      args,
    )
  }
}

/** A random selection set of a type, as text. */
function selection(schema: LazySchema, type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  if (!isObjectType(type)) return interfaceSelection(schema, type as GraphQLInterfaceType, depth)
  const names = Object.keys(type.getFields()).filter(
    (name) => !['display', 'startCursor', 'endCursor', 'cursor'].includes(name),
  )
  const usable =
    depth > 0 ? names : names.filter((name) => !('getFields' in getNamedType(type.getFields()[name]!.type)))
  if (!usable.length) return fc.constant('{ __typename }')
  const parts = fc
    .uniqueArray(fc.constantFrom(...usable), { minLength: 1, maxLength: 3 })
    .chain((chosen) => fc.tuple(...chosen.map((name, i) => fieldText(schema, type, name, i, depth))))
  return fc.tuple(parts, fc.boolean(), fc.boolean()).map(([texts, typed, wrapped]) => {
    const inner = `${typed ? '__typename ' : ''}${texts.join(' ')}`
    return `{ ${wrapped ? `... on ${type.name} @include(if: true) { ${inner} } ${texts[0]}` : inner} }`
  })
}

function fieldText(
  schema: LazySchema,
  type: GraphQLObjectType,
  name: string,
  i: number,
  depth: number,
): fc.Arbitrary<string> {
  const field = type.getFields()[name]!
  const target = getNamedType(field.type)
  const inner =
    'getFields' in target ? fc.constant(undefined).chain(() => selection(schema, target, depth - 1)) : fc.constant('')
  const args = field.args.some((arg) => arg.name === 'first') ? fc.constantFrom('', '(first: 2)') : fc.constant('')
  return fc
    .tuple(fc.constantFrom(true, false, false), args, inner)
    .map(([aliased, given, set]) => `${aliased ? `a${depth}${i}: ` : ''}${name}${given} ${set}`)
}

function interfaceSelection(schema: LazySchema, type: GraphQLInterfaceType, depth: number): fc.Arbitrary<string> {
  const [first] = schema.getPossibleTypes(type)
  const fragment = fc
    .constant(undefined)
    .chain(() => selection(schema, first!, 0))
    .map((set) => `... on ${first!.name} { x: __typename y: Id } ${set.length > 0 && depth > 0 ? '__typename' : ''}`)
  return fragment.map((text) => `{ Id Name ${text} }`)
}

describeDatabases('the planner’s text is what graphql-js gives', (open) => {
  let app: App
  let person: Person
  let schema: LazySchema
  let catalog: Catalog
  let rows: Rows

  beforeAll(async () => {
    app = await createApp({ databaseUrl: await open.url(), clock: 'manual', worker: false })
    const signedIn = await new Person(app, {}).post('/auth/sign-in', {
      username: 'admin@example.com',
      password: PASSWORD,
    })
    person = new Person(app, { cookie: signedIn.headers.get('set-cookie')!.split(';')[0]! })
    catalog = app.engine.catalogs.current()
    const permissions = compilePermissions([catalog.permissionSets.get('System_Administrator')!], catalog)
    schema = app.graphql.schemaFor({ actor: { userId: '', permissions, timeZone: 'UTC', locale: 'en-US' }, catalog })
    rows = await readAll(person, catalog, schema)
  })
  afterAll(() => app.close())

  test('for random documents over the demo organisation', async () => {
    const fieldResolver = shadowResolver(catalog, rows)
    const typeResolver = (value: unknown) => catalog.objectByKeyPrefix((value as Row).Id.slice(0, 3))?.name
    const roots = [
      'Case',
      'Account',
      'WorkOrder',
      'RecordMilestone',
      'CaseComment',
      'Task',
      'Entitlement',
      'Onboarding__c',
    ]
    const document = fc
      .constantFrom(...roots)
      .chain((root) =>
        selection(schema, schema.getType(`${root}Connection`)!, 3).map((set) => `{ ${root}(first: 4) ${set} }`),
      )
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const expected = await execute({ schema, document: parse(text), fieldResolver, typeResolver })
        expect(expected.errors).toBeUndefined()
        const answer = await person.text(text)
        expect(JSON.parse(answer)).toEqual(JSON.parse(JSON.stringify({ data: expected.data })))
        expect(await person.text(text)).toBe(answer.trimEnd())
      }),
      { numRuns: 60 },
    )
  })
})
