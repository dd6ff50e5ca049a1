/** Query tree → authorised → compiled → run. The only way from this room to the data. */
import type { GraphQLError } from 'graphql'
import type { Engine } from '#automation'
import {
  authorize,
  compileQuery,
  isAuthorized,
  QueryError,
  runQuery,
  type Actor,
  type CompiledQuery,
  type Query,
  type QueryContext,
} from '#records'
import { findingErrors } from '../errors.ts'
import type { Variables } from './arguments.ts'

export type Prepared = { readonly compiled: CompiledQuery } | { readonly errors: readonly GraphQLError[] }

export class Planner {
  readonly #engine: Engine
  readonly #cursorKey: string

  constructor(engine: Engine, cursorKey: string) {
    this.#engine = engine
    this.#cursorKey = cursorKey
  }

  prepare(query: Query, actor: Actor, path: readonly (string | number)[]): Prepared {
    const authorized = authorize(query, actor, this.#engine.catalogs.current())
    if (!isAuthorized(authorized)) return { errors: findingErrors(authorized, undefined, path) }
    return { compiled: compileQuery(authorized, this.#engine.database.dialect) }
  }

  /** JSON text. Throws GraphQL errors for values that don't fit and costs that are too high. */
  async run(compiled: CompiledQuery, variables: Variables, actor: Actor): Promise<string> {
    try {
      return await runQuery(this.#engine.database, compiled, variables, this.#contextOf(actor))
    } catch (error) {
      if (error instanceof QueryError) throw findingErrors([error.finding], undefined, [])[0]!
      throw error
    }
  }

  #contextOf(actor: Actor): QueryContext {
    return {
      userId: actor.userId,
      now: this.#engine.database.clock.now(),
      timeZone: actor.timeZone,
      locale: actor.locale,
      cursorKey: this.#cursorKey,
    }
  }
}
