/**
 * From a user's id to the caller that queries and saves are made as. Kept in memory; forgotten when the user, their permissions or the catalog change,
 * and looked at again after a second, should the notice of that be lost on its way from another node.
 */
import { AUTOMATION_USER_ID, type Engine } from '#automation'
import type { Catalog, PermissionSetDocument } from '#metadata'
import type { Caller } from '#graphql'
import type { TokenScope } from './api-tokens.ts'
import { TRUSTED_FOR } from './sessions.ts'
import {
  authorize,
  compilePermissions,
  compileQuery,
  denialsOf,
  isAuthorized,
  runQuery,
  systemActor,
  type Query,
  type Selection,
} from '#records'

const USER = 'User'
const ASSIGNMENT = 'PermissionSetAssignment'
const WATCHED = new Set([USER, ASSIGNMENT, 'Organization'])

interface Known {
  readonly checkedAt: number
  readonly found: Promise<Found | undefined>
}
interface Found {
  readonly caller: Caller
  /** What the caller was made of. */
  readonly text: string
}

interface UserRow {
  readonly Id: string
  readonly Username: string
  readonly Name: string | null
  readonly Email: string | null
  readonly IsActive: boolean
  readonly TimeZone: string | null
  readonly Locale: string | null
  readonly sets: { readonly nodes: readonly { readonly PermissionSet: string }[] }
}

export class Callers {
  readonly #engine: Engine
  readonly #known = new Map<string, Known>()
  /** Those of tokens with a scope, by the caller of their user and what they may do. */
  readonly #scoped = new WeakMap<Caller, Map<string, Caller>>()
  readonly #stop: (() => void)[]
  #anonymous: { readonly catalog: Catalog; readonly caller: Caller } | undefined

  constructor(engine: Engine) {
    this.#engine = engine
    this.#stop = [
      engine.catalogs.onChange(() => this.#known.clear()),
      engine.onChange(
        (change) => WATCHED.has(change.object) && this.#known.clear(),
        () => this.#known.clear(),
      ),
    ]
  }

  close(): void {
    for (const stop of this.#stop) stop()
  }

  /**
   * The engine, with this node's own saves counting from the next request on. The notice of a change comes too, but on PostgreSQL it takes a moment,
   * and whoever lost a permission must not have that moment.
   */
  watch(engine: Engine): Engine {
    const save: Engine['save'] = async (actor, requests, options) => {
      const results = await engine.save(actor, requests, options)
      if (requests.some((request) => WATCHED.has(request.object))) this.#known.clear()
      return results
    }
    return { ...engine, save }
  }

  /** undefined: no such user, or not active any more. */
  async of(userId: string): Promise<Caller | undefined> {
    const known = this.#known.get(userId)
    const now = Date.now()
    if (known && now - known.checkedAt < TRUSTED_FOR) return (await known.found)?.caller
    const found = this.#load(userId, known?.found).catch((error: unknown) => {
      this.#known.delete(userId)
      throw error
    })
    this.#known.set(userId, { checkedAt: now, found })
    return (await found)?.caller
  }

  /**
   * The caller with no more than the scope allows. What another permission set of the user denies stays denied: leaving a set out must not widen.
   */
  within(caller: Caller, scope: TokenScope): Caller {
    if (!scope.readOnly && !scope.permissionSets) return caller
    const known = this.#scoped.get(caller) ?? new Map<string, Caller>()
    this.#scoped.set(caller, known)
    const key = JSON.stringify(scope)
    const made = known.get(key) ?? scoped(caller, scope)
    known.set(key, made)
    return made
  }

  setsOf({ user, catalog }: Caller): readonly PermissionSetDocument[] {
    return setsNamed(user?.permissionSets ?? [], catalog)
  }

  anonymous(): Caller {
    const catalog = this.#engine.catalogs.current()
    if (this.#anonymous?.catalog !== catalog) {
      const actor = { userId: '', permissions: compilePermissions([], catalog), timeZone: 'UTC', locale: 'en-US' }
      this.#anonymous = { catalog, caller: { actor, catalog } }
    }
    return this.#anonymous.caller
  }

  /** Id of the active user with this name, whatever its letter case. */
  async idByUsername(username: string): Promise<string | undefined> {
    const where = {
      kind: 'compare',
      field: 'Username',
      operator: 'like',
      value: { constant: escapeLike(username) },
    } as const
    const rows = await this.#rows<{ Id: string; IsActive: boolean }>(USER, where, ['Id', 'IsActive'])
    return rows.find((row) => row.IsActive)?.Id
  }

  async organisationNames(): Promise<readonly string[]> {
    const rows = await this.#rows<{ Name: string }>('Organization', undefined, ['Name'])
    return rows.map((row) => row.Name)
  }

  /** The same caller as before when nothing has changed: what is kept by it stays good. */
  async #load(userId: string, before: Known['found'] | undefined): Promise<Found | undefined> {
    await this.#engine.catalogs.catchUp()
    const catalog = this.#engine.catalogs.current()
    const text = await this.#run(userQuery(userId, catalog))
    const known = await before?.catch(() => undefined)
    if (known?.text === text && known.caller.catalog === catalog) return known
    const caller = callerFrom(text, catalog)
    return caller && { caller, text }
  }
  async #rows<T>(
    object: string,
    where: Extract<Query, { kind: 'list' }>['where'],
    fields: readonly string[],
  ): Promise<readonly T[]> {
    const select: Selection = fields.map((field) => ({ key: field, kind: 'field', field }))
    const query: Query = {
      kind: 'list',
      object,
      ...(where ? { where } : {}),
      orderBy: [],
      page: { first: { constant: 50 } },
      select: [{ key: 'nodes', kind: 'nodes', select }],
    }
    return (JSON.parse(await this.#run(query)) as { nodes: readonly T[] }).nodes
  }

  async #run(query: Query): Promise<string> {
    const actor = systemActor('signing in')
    const authorized = authorize(query, actor, this.#engine.catalogs.current())
    if (!isAuthorized(authorized))
      throw new Error(
        `The metadata lacks what signing in needs: ${authorized.map((finding) => finding.message).join(' ')}`,
      )
    const { database } = this.#engine
    return runQuery(
      database,
      compileQuery(authorized, database.dialect),
      {},
      { userId: '', now: database.clock.now(), timeZone: 'UTC', cursorKey: '' },
    )
  }
}

function callerFrom(text: string, catalog: Catalog): Caller | undefined {
  const user = JSON.parse(text) as UserRow | null
  // Nobody comes in as the platform, even where an earlier release let its user be activated.
  if (!user?.IsActive || user.Id === AUTOMATION_USER_ID) return undefined
  const names = user.sets.nodes.map((row) => row.PermissionSet)
  const sets = setsNamed(names, catalog)
  return {
    actor: {
      userId: user.Id,
      permissions: compilePermissions(sets, catalog),
      timeZone: user.TimeZone ?? 'UTC',
      locale: user.Locale ?? 'en-US',
    },
    catalog,
    user: {
      id: user.Id,
      name: user.Name ?? user.Username,
      username: user.Username,
      email: user.Email,
      permissionSets: names,
    },
  }
}

const setsNamed = (names: readonly string[], catalog: Catalog): readonly PermissionSetDocument[] =>
  names.flatMap((name) => catalog.permissionSets.get(name) ?? [])

function scoped(caller: Caller, { readOnly, permissionSets }: TokenScope): Caller {
  const { actor, catalog, user } = caller
  const all = setsNamed(user?.permissionSets ?? [], catalog)
  const kept = all.filter(({ id }) => !permissionSets || permissionSets.includes(id!))
  const sets = all.map((set) => (kept.includes(set) ? set : denialsOf(set)))
  return {
    actor: { ...actor, permissions: compilePermissions(sets, catalog) },
    catalog,
    ...(user ? { user: { ...user, permissionSets: kept.map(({ name }) => name) } } : {}),
    readOnly,
  }
}

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, (c) => `\\${c}`)

function userQuery(userId: string, catalog: Catalog): Query {
  const user = catalog.object(USER)
  const nameField = user?.nameField.name ?? 'Name'
  const field = (key: string, name = key) => ({ key, kind: 'field', field: name }) as const
  const sets = [...(user?.children.values() ?? [])].find((child) => child.object === ASSIGNMENT)
  return {
    kind: 'record',
    object: USER,
    id: { constant: userId },
    select: [
      ...['Id', 'Username', 'Email', 'IsActive', 'TimeZone', 'Locale'].map((name) => field(name)),
      field('Name', nameField),
      {
        key: 'sets',
        kind: 'children',
        relationship: sets?.name ?? 'PermissionSetAssignments',
        query: {
          kind: 'list',
          object: ASSIGNMENT,
          orderBy: [],
          page: { first: { constant: 200 } },
          select: [{ key: 'nodes', kind: 'nodes', select: [field('PermissionSet')] }],
        },
      },
    ],
  }
}
