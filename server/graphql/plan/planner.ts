/** Query tree → authorised → compiled → run. The only way from this room to the data. */
import type { GraphQLError } from 'graphql'
import type { Engine } from '#automation'
import type { Reader } from '#database'
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
import type { Caller } from '../context.ts'
import { findingErrors } from '../errors.ts'
import type { Variables } from './arguments.ts'
import { Globals, type GlobalsRead } from './globals.ts'
import type { TypenameMark } from './query.ts'
import { withTypenames } from './typenames.ts'

export interface Compiled {
  readonly query: CompiledQuery
  readonly typenames: readonly TypenameMark[]
  /** What its formulas read beside records; absent when they read nothing else. */
  readonly globals?: GlobalsRead
}
export type Prepared = { readonly compiled: Compiled } | { readonly errors: readonly GraphQLError[] }

export class Planner {
  readonly #engine: Engine
  readonly #cursorKey: string
  readonly #globals: Globals

  constructor(engine: Engine, cursorKey: string) {
    this.#engine = engine
    this.#cursorKey = cursorKey
    this.#globals = new Globals(engine)
  }

  prepare(
    query: Query,
    { actor, catalog }: Pick<Caller, 'actor' | 'catalog'>,
    path: readonly (string | number)[],
    typenames: readonly TypenameMark[] = [],
  ): Prepared {
    const authorized = authorize(query, actor, catalog)
    if (!isAuthorized(authorized)) return { errors: findingErrors(authorized, undefined, path) }
    const globals = this.#globals.readFor(query, catalog)
    const compiled = compileQuery(authorized, this.#engine.database.dialect)
    return { compiled: { query: compiled, typenames, ...(globals ? { globals } : {}) } }
  }

  /** JSON text. Throws GraphQL errors for values that don't fit and costs that are too high. */
  async run(compiled: Compiled, variables: Variables, caller: Pick<Caller, 'actor'>): Promise<string> {
    return (await this.ready(compiled, caller))(variables, this.#engine.database)
  }

  /** What is read beside the one statement is read now; the statement runs when it is called, inside a transaction too. */
  async ready(
    { query, typenames, globals }: Compiled,
    { actor }: Pick<Caller, 'actor'>,
  ): Promise<(variables: Variables, reader: Reader) => Promise<string>> {
    const context = await this.#contextOf(globals, actor)
    return async (variables, reader) => {
      try {
        return withTypenames(await runQuery(reader, query, variables, context), typenames)
      } catch (error) {
        if (error instanceof QueryError) throw findingErrors([error.finding], undefined, [])[0]!
        throw error
      }
    }
  }

  async #contextOf(globals: GlobalsRead | undefined, actor: Caller['actor']): Promise<QueryContext> {
    const context = {
      userId: actor.userId,
      now: this.#engine.database.clock.now(),
      timeZone: actor.timeZone,
      locale: actor.locale,
      cursorKey: this.#cursorKey,
    }
    return globals ? { ...context, ...(await this.#globals.values(globals, actor, context)) } : context
  }
}
