/** The schema as text: as SDL, and as the answer to introspection. Made in slices, once for all who ask at the same time, and kept for each permission set. */
import { print, printType, isIntrospectionType, isSpecifiedScalarType } from 'graphql'
import type { Caller, RequestContext } from '../context.ts'
import { userError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import { RateLimit } from '../load/rate-limit.ts'
import { Slices } from '../load/slices.ts'
import type { SelectedField } from '../plan/selections.ts'
import { Recent } from '../recent.ts'
import type { LazySchema } from '../schema/lazy-schema.ts'
import { introspectionText, narrowed } from './introspection.ts'
import type { OperationRequest } from './operation.ts'

const KEPT_CHARACTERS = 50_000_000

export class SchemaTexts {
  readonly #kept = new Recent<string>(KEPT_CHARACTERS)
  readonly #making = new Map<string, Promise<string>>()
  readonly #slices = new Slices()
  readonly #limit = new RateLimit(LIMITS.schemaTextsPerMinute)

  sdl(caller: Caller, schema: LazySchema): Promise<string> {
    return this.#text(caller, 'SDL', () => this.#sdl(schema))
  }

  /** JSON of the value of `__schema` or `__type`. */
  introspection(field: SelectedField, request: OperationRequest): Promise<string> {
    const { context, variables } = request
    const key = `${print(narrowed(request, field.nodes))}${JSON.stringify(variables ?? {})}`
    return this.#text(context, key, () => introspectionText(this.#slices, field, request))
  }

  async #text(caller: Caller | RequestContext, key: string, make: () => Promise<string>): Promise<string> {
    if (!caller.user) throw userError('Sign in first: the schema is that of the one who asks.', 'UNAUTHENTICATED')
    const full = `${caller.actor.permissions.key}\n${key}`
    return this.#kept.get(full) ?? this.#making.get(full) ?? this.#make(caller.user.id, full, make)
  }

  #make(userId: string, key: string, make: () => Promise<string>): Promise<string> {
    const wait = this.#limit.take(userId)
    if (wait)
      throw userError(`You have asked for the schema in many ways. Try again in ${wait} seconds.`, 'TOO_MANY_REQUESTS')
    const made = make().then((text) => this.#kept.set(key, text, key.length + text.length))
    this.#making.set(key, made)
    return made.finally(() => this.#making.delete(key))
  }

  async #sdl(schema: LazySchema): Promise<string> {
    const texts = await this.#slices.map(schema.allTypeNames(), (name) => {
      const type = schema.getType(name)
      return type && !isSpecifiedScalarType(type) && !isIntrospectionType(type) ? [printType(type)] : []
    })
    return texts.flat().join('\n\n')
  }
}
