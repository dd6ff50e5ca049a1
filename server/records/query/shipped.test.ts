/** Every shipped object can be asked for everything it has, by an administrator and by an agent, on both databases. */
import { expect, test } from 'vitest'
import { formulaSqlFinding, isSortable, operatorsOf } from '#metadata'
import type { ObjectDef, PermissionSetDocument } from '#metadata'
import { catalogWith } from '#test/catalog'
import { describeDatabases } from '#test/databases'
import { readFile } from 'node:fs/promises'
import { authorize, isAuthorized } from '../access/authorize.ts'
import { compilePermissions } from '../access/permissions.ts'
import { readableChildren, readableParent } from '../access/names.ts'
import type { Permissions } from '../access-types.ts'
import type { ListQuery, Selected, Where } from '../query-tree.ts'
import { compileQuery } from './compile.ts'
import { runQuery } from './run.ts'
import { createTables } from './testing/world.ts'

const catalog = catalogWith()
const shipped = async (path: string): Promise<PermissionSetDocument> =>
  JSON.parse(
    await readFile(new URL(`../../../metadata/${path}.json`, import.meta.url), 'utf8'),
  ) as PermissionSetDocument

/** All fields, each parent's and child's id; filtered and sorted by everything that can be. */
function everything(object: ObjectDef, permissions: Permissions): ListQuery {
  const context = { catalog, permissions }
  const access = permissions.object(object.name)
  const fields = object.fields.filter((field) => access.canRead(field.name))
  const id: Selected = { key: 'Id', kind: 'field', field: 'Id' }
  const list = (name: string): ListQuery => ({
    kind: 'list',
    object: name,
    orderBy: [],
    page: { first: { constant: 1 } },
    select: [{ key: 'nodes', kind: 'nodes', select: [id] }],
  })
  const parents = fields.flatMap((field): Selected[] => {
    const parent = field.reference && readableParent(context, object, field.reference.relationshipName)
    return parent
      ? [
          {
            key: field.reference!.relationshipName,
            kind: 'parent',
            relationship: field.reference!.relationshipName,
            types: parent.objects.map((name) => ({ object: name, select: [id] })),
          },
        ]
      : []
  })
  const children = [...object.children.keys()].flatMap((relationship): Selected[] => {
    const child = readableChildren(context, object, relationship)
    return child ? [{ key: relationship, kind: 'children', relationship, query: list(child.object.name) }] : []
  })
  const usable = fields.filter((field) => !formulaSqlFinding(field, 'filtered'))
  const where = usable
    .filter((field) => operatorsOf(field).includes('isNull'))
    .map((field): Where => ({ kind: 'compare', field: field.name, operator: 'isNull', value: { constant: false } }))
  const select = [
    ...fields.map((field): Selected => ({ key: field.name, kind: 'field', field: field.name })),
    ...parents,
    ...children,
  ]
  const orderBy = usable
    .filter(isSortable)
    .filter((field) => field.name !== 'Id')
    .map((field) => ({ path: [field.name], direction: 'desc' as const, nulls: 'first' as const }))
  return {
    ...list(object.name),
    where: { kind: 'or', of: where },
    orderBy,
    select: [
      { key: 'nodes', kind: 'nodes', select },
      { key: 'totalCount', kind: 'totalCount' },
    ],
  }
}

describeDatabases('shipped objects', (open) => {
  test.each(['standard/permissionSets/System_Administrator', 'demo/permissionSets/Support_Agent'])(
    '%s',
    async (name) => {
      const database = await open()
      await createTables(database, catalog)
      const permissions = compilePermissions([await shipped(name)], catalog)
      const context = { userId: '005', now: 0, timeZone: 'UTC', cursorKey: 'k' }
      let asked = 0
      for (const object of catalog.objects.values()) {
        if (!permissions.object(object.name).read) continue
        const authorized = authorize(everything(object, permissions), { permissions }, catalog)
        if (!isAuthorized(authorized)) throw new Error(`${object.name}: ${authorized[0]!.message}`)
        expect(await runQuery(database, compileQuery(authorized, database.dialect), {}, context), object.name).toBe(
          '{"nodes":[],"totalCount":0}',
        )
        asked++
      }
      expect(asked).toBeGreaterThan(10)
    },
  )

  test('open cases, and whatever else closes, can be filtered by what closes them', () => {
    for (const name of ['Case', 'WorkOrder', 'Task', 'Entitlement']) {
      const formulas = catalog
        .object(name)!
        .fields.filter((field) => field.type === 'Formula' && ['IsClosed', 'Status'].includes(field.name))
      expect(
        formulas.map((field) => formulaSqlFinding(field, 'filtered')),
        name,
      ).toEqual(formulas.map(() => undefined))
      expect(formulas.length, name).toBe(1)
    }
  })
})
