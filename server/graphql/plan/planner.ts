/** Query tree → authorised → compiled → run. The only way from this room to the data. */
import type { GraphQLError } from 'graphql'
import type { Engine } from '#automation'
import {
  authorize,
  compileQuery,
  isAuthorized,
  QueryError,
  runQuery,
  type CompiledQuery,
  type Query,
  type QueryContext,
} from '#records'
import type { Row } from '#util'
import type { Caller, CurrentUser } from '../context.ts'
import { findingErrors } from '../errors.ts'
import type { Variables } from './arguments.ts'
import type { TypenameMark } from './query.ts'
import { withTypenames } from './typenames.ts'

export interface Compiled {
  readonly query: CompiledQuery
  readonly typenames: readonly TypenameMark[]
}
export type Prepared = { readonly compiled: Compiled } | { readonly errors: readonly GraphQLError[] }

export class Planner {
  readonly #engine: Engine
  readonly #cursorKey: string

  constructor(engine: Engine, cursorKey: string) {
    this.#engine = engine
    this.#cursorKey = cursorKey
  }

  prepare(
    query: Query,
    { actor, catalog }: Pick<Caller, 'actor' | 'catalog'>,
    path: readonly (string | number)[],
    typenames: readonly TypenameMark[] = [],
  ): Prepared {
    const authorized = authorize(query, actor, catalog)
    if (!isAuthorized(authorized)) return { errors: findingErrors(authorized, undefined, path) }
    return { compiled: { query: compileQuery(authorized, this.#engine.database.dialect), typenames } }
  }

  /** JSON text. Throws GraphQL errors for values that don't fit and costs that are too high. */
  async run(compiled: Compiled, variables: Variables, caller: Pick<Caller, 'actor' | 'user'>): Promise<string> {
    try {
      const text = await runQuery(this.#engine.database, compiled.query, variables, this.#contextOf(caller))
      return withTypenames(text, compiled.typenames)
    } catch (error) {
      if (error instanceof QueryError) throw findingErrors([error.finding], undefined, [])[0]!
      throw error
    }
  }

  #contextOf({ actor, user }: Pick<Caller, 'actor' | 'user'>): QueryContext {
    return {
      userId: actor.userId,
      now: this.#engine.database.clock.now(),
      timeZone: actor.timeZone,
      locale: actor.locale,
      cursorKey: this.#cursorKey,
      globals: user ? globalsOf(user) : {},
    }
  }
}

/** What `$User.…` means in a formula field. */
const globalsOf = (user: CurrentUser): Row => ({
  '$User.Id': user.id,
  '$User.Name': user.name,
  '$User.Username': user.username,
  '$User.Email': user.email ?? null,
})
