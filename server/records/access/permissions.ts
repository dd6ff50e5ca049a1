/** Permission sets → Permissions, compiled once per (sets, catalog version) and shared by every caller that has them. */
import { createHash } from 'node:crypto'
import { SYSTEM_PERMISSIONS } from '#metadata'
import type { Catalog, FieldDef, ObjectPermission, PermissionSetDocument, SystemPermission } from '#metadata'
import type { Actor, Permissions } from '../access-types.ts'
import { FULL_ACCESS, objectAccessOf } from './object-access.ts'

const compiled = new WeakMap<Catalog, Map<string, Permissions>>()

/**
 * The union of what the sets grant; a `none` on a field denies it whatever other sets say. No set = nothing.
 * Names of objects and fields that the catalog does not have grant nothing.
 */
export function compilePermissions(permissionSets: readonly PermissionSetDocument[], catalog: Catalog): Permissions {
  const key = permissionKey(permissionSets, catalog.version)
  const ofCatalog = compiled.get(catalog) ?? new Map<string, Permissions>()
  compiled.set(catalog, ofCatalog)
  const known = ofCatalog.get(key)
  if (known) return known
  const permissions: Permissions = {
    key,
    system: systemPermissions(permissionSets),
    ...everything(permissionSets),
    object: objectAccessOf(permissionSets, catalog),
    readsAll: readsAll(permissionSets),
  }
  ofCatalog.set(key, permissions)
  return permissions
}

function permissionKey(sets: readonly PermissionSetDocument[], version: number): string {
  const texts = sets.map((set) => JSON.stringify(set)).sort()
  return createHash('sha256')
    .update(`${version}\n${texts.join('\n')}`)
    .digest('base64url')
    .slice(0, 22)
}

/** What a permission set denies, without what it grants. */
export const denialsOf = (set: PermissionSetDocument): PermissionSetDocument => ({
  kind: 'PermissionSet',
  name: set.name,
  label: set.label,
  objects: Object.fromEntries(
    Object.entries(set.objects ?? {}).map(([object, { fields }]) => [object, { fields: denied(fields) }]),
  ),
})

const denied = (fields: ObjectPermission['fields'] = {}): ObjectPermission['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([, grant]) => grant === 'none'))

const systemPermissions = (sets: readonly PermissionSetDocument[]): ReadonlySet<SystemPermission> =>
  new Set(sets.flatMap((set) => set.system ?? []))

function everything(sets: readonly PermissionSetDocument[]): Pick<Permissions, 'all'> {
  if (sets.some((set) => set.modifyAll)) return { all: 'modify' }
  return sets.some((set) => set.viewAll) ? { all: 'view' } : {}
}

const readsAll = (sets: readonly PermissionSetDocument[]): boolean =>
  everything(sets).all !== undefined &&
  !sets.some(({ objects }) =>
    Object.values(objects ?? {}).some(({ fields }) => Object.keys(denied(fields) ?? {}).length > 0),
  )

const SYSTEM: Permissions = {
  key: 'system',
  system: new Set(SYSTEM_PERMISSIONS),
  object: () => FULL_ACCESS,
  readsAll: true,
}

/** Whoever looks after a part of the set-up sees the set-up. */
export const maySeeSetUp = ({ system }: Permissions): boolean =>
  system.has('viewSetup') || [...system].some((permission) => permission.startsWith('manage'))

/** A deleted record: those who may modify everything have all of them before them, others what they deleted themselves. */
export const hasWholeRecycleBin = ({ permissions, system }: Pick<Actor, 'permissions' | 'system'>): boolean =>
  system !== undefined || permissions.all === 'modify'

/** Who may modify everything may bring the numbers that records had elsewhere. */
export const mayImport = ({ all }: Permissions, { type }: FieldDef): boolean =>
  type === 'AutoNumber' && all === 'modify'

/** Work of the platform itself: no checks, and `reason` is what the log says. */
export const systemActor = (reason: string): Actor => ({
  userId: '',
  permissions: SYSTEM,
  timeZone: 'UTC',
  locale: 'en-US',
  system: reason,
})
