import { join } from 'node:path'
import {
  buildSchema as parseSchema,
  execute,
  getIntrospectionQuery,
  GraphQLObjectType,
  parse,
  printSchema,
  validate,
  validateSchema,
  type GraphQLSchema,
} from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { compileCatalog, type Catalog, type PermissionSetDocument } from '#metadata'
import { loadDocuments } from '#metadata/load'
import { compilePermissions } from '#records'
import { buildSchema } from './build.ts'
import type { LazySchema } from './lazy-schema.ts'

const METADATA = join(import.meta.dirname, '../../../metadata')
let catalog: Catalog
let agent: LazySchema
let admin: LazySchema
let nobody: LazySchema

function schemaOf(sets: readonly PermissionSetDocument[], manualClock = false): LazySchema {
  return buildSchema({ catalog, permissions: compilePermissions(sets, catalog), features: { manualClock } })
}

beforeAll(() => {
  const { documents } = loadDocuments(join(METADATA, 'standard'), join(METADATA, 'demo'))
  catalog = compileCatalog(documents, 1).catalog!
  admin = schemaOf([catalog.permissionSets.get('System_Administrator')!], true)
  agent = schemaOf([catalog.permissionSets.get('Support_Agent')!])
  nobody = schemaOf([])
})

/** graphql-js believes the lazy schema; this makes it look. */
function faultsOf(schema: LazySchema): string[] {
  const unbelieved = Object.create(schema, { __validationErrors: { value: undefined, writable: true } }) as LazySchema
  for (const name of [
    'getTypeMap',
    'getType',
    'getQueryType',
    'getMutationType',
    'getSubscriptionType',
    'getPossibleTypes',
    'isSubType',
    'getImplementations',
    'getDirectives',
  ] as const)
    Object.defineProperty(unbelieved, name, {
      value: (...args: never[]) => (schema[name] as (...args: never[]) => unknown)(...args),
    })
  return validateSchema(unbelieved).map((error) => error.message)
}

test('the schema is valid for an administrator, an agent and a caller nobody knows', () => {
  expect([faultsOf(admin), faultsOf(agent), faultsOf(nobody)]).toEqual([[], [], []])
})

test('whoever looks after the set-up reaches it without a readable object', () => {
  const keeper = schemaOf([{ kind: 'PermissionSet', name: 'x', label: 'x', system: ['manageMetadata'] }])
  expect(faultsOf(keeper)).toEqual([])
  expect(Object.keys(keeper.getQueryType()!.getFields())).toContain('metadata')
  expect(Object.keys(keeper.getMutationType()!.getFields())).toContain('metadataPlan')
  expect(Object.keys(nobody.getQueryType()!.getFields())).not.toContain('metadata')
})

test('its text is a schema that graphql-js can read back, with every type once', () => {
  for (const schema of [admin, agent, nobody]) {
    const read = parseSchema(printSchema(schema))
    expect(Object.keys(read.getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort())
  }
})

test('standard introspection answers in full', async () => {
  const { data, errors } = await execute({ schema: agent, document: parse(getIntrospectionQuery()) })
  expect(errors).toBeUndefined()
  const { types } = (data as { __schema: { types: { name: string }[] } }).__schema
  expect(types.map((type) => type.name)).toEqual(
    expect.arrayContaining(['Case', 'CaseConnection', 'CaseWhere', 'GroupOrUser', 'Record', 'DateTimeFilter']),
  )
})

test('only what a query names is built', () => {
  const fresh = schemaOf([catalog.permissionSets.get('System_Administrator')!])
  const original = GraphQLObjectType.prototype.getFields
  const seen = new Set<string>()
  GraphQLObjectType.prototype.getFields = function (this: GraphQLObjectType) {
    seen.add(this.name)
    return original.call(this)
  }
  try {
    expect(validate(fresh, parse('{ CaseById(Id: "x") { Subject Account { Name } } }'))).toEqual([])
  } finally {
    GraphQLObjectType.prototype.getFields = original
  }
  expect([...seen].sort()).toEqual(['Account', 'Case', 'Query'])
})

test.each([
  ['a field without a grant', '{ Case { nodes { Subject InternalNote__c } } }', 'InternalNote__c'],
  ['a mutation without a grant', 'mutation { UserDelete(Id: "x") { errors { code } } }', 'UserDelete'],
  ['what only administrators have', 'mutation { metadataApply(planId: "x") { version } }', 'metadataApply'],
  ['the clock', 'mutation { clockAdvance(by: "PT1H") }', 'clockAdvance'],
])('for an agent there is no %s', (_, document, name) => {
  expect(
    validate(agent, parse(document))
      .map((error) => error.message)
      .join(),
  ).toContain(`"${name}"`)
})

const inputFields = (schema: GraphQLSchema, type: string) =>
  (schema.getType(type) as unknown as GraphQLObjectType).getFields()

test('read-only fields are in no input', () => {
  const { CreatedDate, Id, IsClosed, MilestoneStatus, Subject } = inputFields(admin, 'CaseCreateInput')
  expect([CreatedDate, Id, IsClosed, MilestoneStatus]).toEqual([undefined, undefined, undefined, undefined])
  expect(Subject).toBeDefined()
  expect(admin.getMutationType()?.getFields().RecordMilestoneCreate).toBeUndefined()
})

test('an auto-number comes with a new record of those who may modify everything', () => {
  expect(inputFields(admin, 'CaseCreateInput').CaseNumber?.description).toContain('import')
  expect(inputFields(admin, 'CaseUpdateInput').CaseNumber).toBeUndefined()
  expect(inputFields(agent, 'CaseCreateInput').CaseNumber).toBeUndefined()
})

test('a fragment on a type that a lookup can never hold is refused', () => {
  const ask = (type: string) =>
    validate(admin, parse(`{ Case { nodes { Owner { Id Name ... on ${type} { Id } } } } }`)).length
  expect([ask('User'), ask('Group'), ask('Account')]).toEqual([0, 0, 1])
})
